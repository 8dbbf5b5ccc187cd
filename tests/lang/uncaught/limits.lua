-- What is too large is an error that can be caught.
print(pcall(string.rep, "x", 1 << 62)) print(pcall(string.rep, "xy", math.maxinteger, ","))
print(pcall(table.concat, { 1, {}, 3 })) print(pcall(table.concat, { 1, 2 }, ",", 1, 3)) print(pcall(table.concat, { print }))
print(pcall(table.unpack, {}, 1, 1e8)) print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))
print(pcall(string.format, "%1000d", 1)) print(pcall(string.format, "%.1000f", 1)) print(#string.format("%99d", 1))
print(pcall(string.char, 256))
print(pcall(utf8.char, -1)) print(pcall(string.pack, "i17", 1)) print(pcall(math.random, 0, math.mininteger)) print(pcall(table.move, {}, 1, math.maxinteger, 2))
print(pcall(table.insert, {}, 5, 1)) print(pcall(select, -5)) print(pcall(("x").rep)) print(pcall(next, {}, 1)) print(pcall(rawset, {}, nil, 1))
local list = nil
for i = 1, 1000000 do list = { list, i } end
print(list[2], list[1][2])
list = nil
collectgarbage()
local deep = setmetatable({}, {})
for i = 1, 100 do deep = setmetatable({}, { __index = deep }) end
print(deep.x, pcall(function() local loop = {} setmetatable(loop, { __index = loop }) return loop.x end))
local s = ("x"):rep(1000) for i = 1, 10 do s = s .. s end print(#s)
print(pcall(string.match, ("x"):rep(250), ("x?"):rep(250))) print(pcall(string.find, "x", ("(x)"):rep(33))) print(pcall(string.match, ("x"):rep(3000), ".-y"))
