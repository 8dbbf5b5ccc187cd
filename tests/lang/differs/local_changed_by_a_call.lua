-- A local variable that a call in the same expression changes. Lua 5.3 prints 4 and 2.
local a = 1
local function g() a = a + 1 return a end
print(a + g())
local b = 1
local function h() b = b + 1 return 0 end
print(b + h())
