local a = 1
type T = typeof(a + )
local x: { y: typeof(a b), z: typeof(f(a).b["c"]) } = nil
----
type U = typeof(1, 2)
type V = typeof()
