-- Two functions in one line, the outer at fault, then the inner one.
local function outer(x) local function inner(y) return y.field end local v = inner(x) return v.z.w end
print(pcall(outer, nil))
outer({ field = {} })
