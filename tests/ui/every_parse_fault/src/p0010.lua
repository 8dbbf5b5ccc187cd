function f(a?: number, b) end
local t = { a: number }
