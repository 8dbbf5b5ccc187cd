local a: number, b: string?, c <const>: {string}, d: T <close> = 1
local function f(x: number, y: {[string]: any}, ...: T): (T?, string) return x end
function g(): number, string return 1 end
function M.h<T, U: Map<string, List<int>>>(x: T): () end
function M:m(self_: Self): asserts x is T (x)() end
local x: List<int>= f()
local y: Map<A, List<B>>= f()
local cb = function(e: error?): boolean return not e end
local z: number
(f or g)(z)
