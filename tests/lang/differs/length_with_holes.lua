-- The length of a table with holes is one of its borders; which one is nobody's promise.
local t = { (function() end)(), 1 }
print(#t)
t[#t + 1] = 2
print(#t, t[1], t[2], t[3])
