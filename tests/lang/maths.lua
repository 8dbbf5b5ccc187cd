-- 4.5: math
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = (math.type(r[i]) or "") .. " " .. tostring(r[i]) end print(table.concat(r, " | ")) end
local values = { 0, 1, -1, 7, -7, 2.5, -2.5, 0.5, -0.5, 3.0, -0.0, 1e15, 1e300, -1e300, 2 ^ 53, 2 ^ 63, -2 ^ 63, math.huge, -math.huge, math.maxinteger, math.mininteger, "10", " 0x10 ", "2.75" }
for _, name in ipairs({ "abs", "ceil", "floor", "sqrt", "modf", "tointeger", "type", "deg", "rad" }) do for _, v in ipairs(values) do io.write(name, " ", tostring(v), " ") try(math[name], v) end end
for _, name in ipairs({ "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log" }) do for _, v in ipairs({ 0, 0.5, 1, -1, 0.25 }) do io.write(name, " ") try(function() return ("%.10g"):format(math[name](v)) end) end end
for _, a in ipairs({ 0, 5, -5, 5.5, -5.5, math.mininteger, math.huge }) do for _, b in ipairs({ 1, 3, -3, 2.5, 0, 0.0, math.huge, -1 }) do io.write(tostring(a), " fmod ", tostring(b), " ") local ok, r = pcall(math.fmod, a, b) print(ok, r ~= r and "nan" or r, math.type(r)) end end
print(math.pi, math.huge, -math.huge, math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger)
try(math.max, 1) try(math.max, 1, 2.5, -1) try(math.min, 3, 2, 1.0) try(math.max, 1, 1.0) try(math.max, 1.0, 1) try(math.max) try(math.min) try(math.max, "x") try(math.max, 1, "x") try(math.max, {}, 1) try(math.max, math.maxinteger, 2 ^ 63) try(math.min, math.huge, 5) try(math.max, 1, nil)
print(math.max(1, 0 / 0), math.max(0 / 0, 1) ~= math.max(0 / 0, 1))
try(math.log, 8, 2) try(math.log, 100, 10) try(math.log, 27, 3) try(math.log, 0) try(math.log, 1, 0) try(math.log, "x") try(math.log, 8, "2") try(math.log, 2, {}) try(math.atan, 1, -1) try(math.atan, 0, -1) try(math.atan, -0.0, -1) try(math.atan, 1, 0)
try(math.abs) try(math.floor) try(math.floor, {}) try(math.ceil, nil) try(math.sqrt, "x") try(math.sqrt, true) try(math.fmod, 1) try(math.fmod, 1, "x") try(math.modf) try(math.tointeger) try(math.type) try(math.ult, 1) try(math.ult, 1, 1.5) try(math.sin)
print(math.ult(1, 2), math.ult(-1, 2), math.ult(2, -1), math.ult(1, 1), math.ult(1.0, "2"), math.type("1"), math.type({}), math.type(nil), math.tointeger("3"), math.tointeger("x"), math.tointeger({}))
try(math.random, 0) try(math.random, 2, 1) try(math.random, 1, 2, 3) try(math.random, "x") try(math.random, 1.5) try(math.random, math.mininteger, math.maxinteger and 0 and math.mininteger) try(math.randomseed, "x") try(math.random, 5, 5) try(math.random, 1) try(math.random, -3, -3)
math.randomseed(42) local a, b = math.random(1000000), math.random() math.randomseed(42) print(a == math.random(1000000), b == math.random())
for _ = 1, 200 do local r = math.random() assert(r >= 0 and r < 1) r = math.random(6) assert(r >= 1 and r <= 6 and math.type(r) == "integer") r = math.random(-2, 2) assert(r >= -2 and r <= 2) end
print(math.floor(-3.5), math.ceil(-3.5), math.floor(2 ^ 70), math.ceil(1e100), math.floor(3), math.ceil("3.2"), math.abs(math.mininteger), math.abs(-0.0), math.sqrt(2), math.exp(0), 7 // 1, math.floor(-0.5), math.ceil(-0.5), math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(math.huge), math.modf(-math.huge), select("#", math.modf(1)))
print(pcall(function() local f = math.floor; return f("x") end)) print(pcall(function() return math.floor("x") end)) print(pcall(function() return math.nope(1) end))
