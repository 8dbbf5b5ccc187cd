local function f()
  local x = = 3
  local y = 4
  y = y +
  return y
end
local function g()
  foo
  bar()
end
----
for i = 1 10 do end
----
x =
----
return 1,
----
f(,)
----
t = { 1,, 2 }
----
x = a < = b
----
x = not
----
local x = 1 2
----
x = a.1
----
x.y.z
----
f(1)(2) = 3
----
(x) = 3
----
a.b:c = 3
----
x = a not b
----
3 = x
----
x = a. + 1
