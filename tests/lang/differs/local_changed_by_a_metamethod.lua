-- A local variable that a metamethod in the same expression changes. Lua 5.3 prints 22.
local n = 1
local counting = setmetatable({}, {
  __index = function()
    n = n + 10
    return n
  end,
})
print(n + counting.x)
