-- 2.11: every metamethod, chains, fallbacks, results
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = type(r[i]) == "table" and "table" or tostring(r[i]) end print(table.concat(r, " | ")) end
local calls = {}
local mt = {}
for _, e in ipairs({ "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" }) do mt["__" .. e] = function(a, b) return e .. "(" .. (type(a) == "table" and "obj" or tostring(a)) .. "," .. (type(b) == "table" and "obj" or tostring(b)) .. ")" end end
for _, e in ipairs({ "unm", "bnot", "len" }) do mt["__" .. e] = function(a, b) return e .. tostring(rawequal(a, b)), "dropped" end end
local o, p = setmetatable({}, mt), setmetatable({}, mt)
print(o + 1, 1 + o, o + o, o + "x", "x" + o, nil == o, o - 2, 2 - o, o * 2, o / 2, o % 2, o ^ 2, o // 2, 2 // o, 2 ^ o)
print(o & 1, 1 & o, o | 1.5, o ~ "x", o << 1, 1 << o, o >> 1, ~o, -o, #o, o .. "s", "s" .. o, 1 .. o, o .. 1, o .. o, "a" .. "b" .. o, o .. "a" .. "b", nil ~= o)
print(pcall(function() return o + nil end), pcall(function() return o & {} end), pcall(function() return {} .. o end), pcall(function() return true .. o end))
local cmp = { __eq = function(a, b) calls[#calls + 1] = "eq" return 1 end, __lt = function(a, b) calls[#calls + 1] = "lt" return nil end, __le = function(a, b) calls[#calls + 1] = "le" return "yes" end }
local a, b = setmetatable({}, cmp), setmetatable({}, cmp)
print(a == b, a ~= b, a == a, a < b, a <= b, a > b, a >= b, a == 1, 1 == a, a ~= "x", a < 1, 1 <= a, "x" >= a, not (a < b), table.concat(calls, " "))
print(a == setmetatable({}, { __eq = function() return false end }), setmetatable({}, {}) == a, rawequal(a, b), a == {})
local only_lt = { __lt = function(x, y) return x.v < y.v end }
local l, m = setmetatable({ v = 1 }, only_lt), setmetatable({ v = 2 }, only_lt)
print(l < m, l <= m, l > m, l >= m, m <= l, l <= l)
try(function() return a < {} , {} < a end) try(function() return {} < {} end) try(function() return {} <= 1 end) try(function() return l < 1 end) try(function() return {} == {} end)
-- index chains
local base = { x = "base x", f = function() return "base f" end }
local mid = setmetatable({ y = "mid y" }, { __index = base })
local top = setmetatable({}, { __index = mid })
print(top.x, top.y, top.f(), top.none, rawget(top, "x")) top.x = "own" print(top.x, base.x) 
local fn = setmetatable({}, { __index = function(t, k, extra) return k, "dropped", extra end }) print(fn.abc, fn[1], fn[nil], (fn["x y"]), select("#", fn.z))
local ni = {} local w = setmetatable({ have = 1 }, { __newindex = ni }) w.have = 2 w.new = 3 print(rawget(w, "new"), ni.new, w.have, ni.have)
local nf = setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v .. "!") end }) nf.a = "v" print(nf.a) nf.a = "w" print(nf.a)
local strs = setmetatable({}, { __index = "text" }) print(strs.len, strs.upper == string.upper) try(function() return setmetatable({}, { __index = 5 }).x end) try(function() setmetatable({}, { __newindex = 5 }).x = 1 end)
local loop = {} setmetatable(loop, { __index = loop, __newindex = loop }) try(function() return loop.x end) try(function() loop.x = 1 end)
local deep = {} local cur = deep for i = 1, 100 do local nxt = {} setmetatable(cur, { __index = nxt }) cur = nxt end cur.found = "deep" print(deep.found)
-- call
local callee = setmetatable({ n = 5 }, { __call = function(self, ...) return self.n, select("#", ...), ... end }) print(callee(), callee(1, nil), (callee(1))) print(pcall(callee, "x")) print(callee "str", callee { 1 } ~= nil, #{ callee(1, 2, 3) })
local nested = setmetatable({}, { __call = callee }) try(nested, 1) try(function() return setmetatable({}, { __call = 5 })() end) try(function() return setmetatable({}, {})() end)
local tc = setmetatable({}, { __call = function(self, n) if n == 0 then return "tail" end return self(n - 1) end }) print(tc(50000))
local obj = { m = callee } print(obj.m(1), obj:m(1)) print(select("#", obj:m(1)))
-- other events
print(#setmetatable({ 1, 2 }, { __len = function() return 10 end }), rawlen(setmetatable({ 1, 2 }, { __len = function() return 10 end }))) print(#setmetatable({ 1 }, {}))
print(tostring(setmetatable({}, { __tostring = function(x) return type(x) end })), setmetatable({}, { __tostring = function() return "p" end }))
try(function() return 1 + setmetatable({}, {}) end) try(function() return -setmetatable({}, {}) end) try(function() return #5 end) try(function() return setmetatable({}, { __add = 5 }) + 1 end) try(function() return setmetatable({}, { __add = callee }) + 1 end)
try(function() return setmetatable({}, { __add = function() error("in add") end }) + 1 end) try(function() return setmetatable({}, { __index = function() error("in index", 2) end }).x end) try(function() return setmetatable({}, { __concat = function() return nil end }) .. "x" end)
-- a metatable changed later
local late = {} local lmt = {} setmetatable(late, lmt) print(pcall(function() return late + 1 end)) lmt.__add = function() return "now" end print(late + 1) lmt.__add = nil print(pcall(function() return late + 1 end))
lmt.__index = function() return 1 end print(late.x) lmt.__index = nil print(late.x) lmt.__eq = function() return true end print(late == setmetatable({}, lmt))
-- inherited metamethods are not seen through __index
print(pcall(function() return setmetatable({}, { __index = mt }) + 1 end)) print(pcall(function() return setmetatable({}, setmetatable({}, { __index = mt })) + 1 end))
-- weak tables and finalizers exist as fields
print(getmetatable(setmetatable({}, { __mode = "k" })).__mode, getmetatable(setmetatable({}, { __gc = true })).__gc)
local evidence = {} for i, v in ipairs({ 1 + o, o .. "x", -o }) do evidence[i] = v end print(#evidence, evidence[1], evidence[2], evidence[3])
if o + 1 == "add(obj,1)" and not (o - 1 == "x") then print("in conditions") end local t = { [o .. ""] = o * 2 } print(next(t))
