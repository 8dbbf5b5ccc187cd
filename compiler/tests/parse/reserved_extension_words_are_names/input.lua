local as, asserts, extends, fun, interface, is, keyof, readonly, typeof, type = 1
as = 2
as.x = is
fun(as) interface = typeof
local t = { as = 1, type = 2, is = as, fun = fun(as), readonly = {} }
t.as, t.type, t.keyof = t:is(), t:fun(1)
type(t)
type = t
as(x)
continue = 1
continue(x)
