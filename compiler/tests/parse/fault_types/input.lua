local x: = 3
local y: {a: number b: string} = 4
function f(a: , b: number): | end
type X = (A, B)
type Y = {A, B}
type Z = (a: A)
type W = {a: function}
type V
for i: number = 1, 2 do end
function g(a?: number) end
local z: readonly T = 3
local w: number @ = 3
local v = x as 
local u: T[1] = 2
interface I function m(self) x = 3 end
y = x as T:m()
z = x as T.y "text"
