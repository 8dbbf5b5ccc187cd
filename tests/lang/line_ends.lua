-- line ends of two bytes, in code, in long strings and behind a backslash
local a = [[
one
two

three
]]
local b = "x\
y\
end"
local c = [[

]] --[[ over
lines ]] local d = 1
print(#a, #b, #c, d, (a:gsub("\n", "/")), (b:gsub("\n", "/")), (c:gsub("\n", "/")))
print(pcall(function() error("here") end))
