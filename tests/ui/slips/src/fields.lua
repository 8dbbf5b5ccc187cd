local t = { a: 1, b: 2 }
local u = { "c": 3, d = t:sum(), e: t }
print(u)
