-- Address space: 500 MB
-- Where no memory is left for a list's copy, an error says so, and the program goes on.
local list = {}
for i = 1, 2 ^ 21 do list[i] = i % 7 end
-- All memory but some, which is less than the list takes.
local ballast = {}
while pcall(function() ballast[#ballast + 1] = ("x"):rep(8000000) end) do end
ballast[1], ballast[2] = nil, nil
collectgarbage()
-- PUC Lua sorts in place.
print(pcall(table.sort, list, function(a, b) return a < b end))
print(#list, list[2 ^ 21])
list, ballast = nil, nil
collectgarbage()
local wide, packed = {}, {}
for i = 1, 200000 do wide[i] = i end
print(pcall(function() for i = 1, 1000 do packed[i] = table.pack(table.unpack(wide)) end end))
packed = nil
print(#wide)
