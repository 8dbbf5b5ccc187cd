local function a()
  if x then
    y()

end

local function b()
end
----
while x do
----
repeat x() end
----
x() end
----
until x
----
elseif x then
----
if x then y() else z() else w() end
----
if x than
  y()
end
z()
----
while x y() end
----
for i = 1, 2 x() end
----
if a = b then end
----
function f() return 1; x = 2 end
----
return 1
x = 2
