-- Address space: 500 MB
-- Where no memory is left for a list's copy, an error says so, and the program goes on.
local list = {}
for i = 1, 2 ^ 22 do list[i] = i % 7 end
local ballast = ("x"):rep(140000000)
-- PUC Lua sorts in place.
print(pcall(table.sort, list, function(a, b) return a < b end))
print(#list, list[2 ^ 22], #ballast)
list, ballast = nil, nil
collectgarbage()
local wide, packed = {}, {}
for i = 1, 200000 do wide[i] = i end
print(pcall(function() for i = 1, 1000 do packed[i] = table.pack(table.unpack(wide)) end end))
packed = nil
print(#wide)
