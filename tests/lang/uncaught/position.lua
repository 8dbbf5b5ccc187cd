local x
print("a")
local function f() return x.y.z end
f()
