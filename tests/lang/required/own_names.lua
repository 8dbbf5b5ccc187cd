-- `_ENV` is a variable of each chunk.
shared = "of the main file"
local own = require("mods.own_names")
print(own.visible())
print(shared, own.shared, visible, own.print == print, rawget(own, "print"))
own.set("changed")
print(shared, own.shared, _G.shared, _ENV == _G)
local print, tostring = print, tostring
local function before() return answer, tostring(_ENV == nil) end
print(before())
_ENV = { answer = 42 }
print(before())
print(answer, shared, _ENV.answer)
function made() return answer end
local function inside() _ENV = { answer = "inner" } return answer end
print(inside(), answer, made)
