local a, b = f() as T
local c = { f()!, ... :: T, (f()) as T }
return f() as T, x as A as B, y!!, a + b as T * 2
----
local x = y as T
(f or g)(x)
local z = y!
(f or g)(z)
local w = x :: A
::label::
return x as number < 3, x as T<A> < 3, x as A | B, (x as T):m(), x!.y, x![1], x!:m(), f::<A, B>(x)
