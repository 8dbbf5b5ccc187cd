f(1, 2
g()
----
local t = { a = 1
  b = 2 }
----
local function f()
  g(
    1,
    2
  local x = 3
end
----
x = { [1 = 2 }
----
x = (1 + 2]
----
x = 3 )
----
return {
----
f(a b)
