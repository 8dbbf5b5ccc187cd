x += 1
x = y != 3 && !z || w
while x do
  if y then continue end
  z()
end
const a = 3
export type A = number
let b = 4
----
local x = if a then b else c
y = 3
----
// comment here
x = a ? b : c
----
@native
function f() end
y = x->z
----
x = `abc`
y = “abc”
имя = 1
----
f(x)
(g)(y)
