-- every line of this file ends in a line feed and a carriage return
local b = [[

one
two

]]
local c = "p\
q"
--[[ over
lines ]] local d = 1
print(#b, (b:gsub("\n", "/")), #c, c:byte(2), d)
print(pcall(function() error("here") end))

local t
print(pcall(function()
    return t.x
end))
error("last")
