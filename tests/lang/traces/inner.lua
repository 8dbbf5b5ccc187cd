local function outer(x) local function inner(y) return y.field.z end local v = inner(x) return v end
local v = outer({}) print(v)
