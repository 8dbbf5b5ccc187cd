-- The order in which `table.sort` reads and writes through metamethods.
local store, log = { 3, 1, 2 }, {}
local proxy = setmetatable({}, {
  __index = function(_, key) log[#log + 1] = "r" .. key return store[key] end,
  __newindex = function(_, key, value) log[#log + 1] = "w" .. key store[key] = value end,
  __len = function() return #store end,
})
table.sort(proxy)
print(table.concat(store, " "), table.concat(log, " "))
