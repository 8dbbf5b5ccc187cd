-- 3.2: fault texts, names of variables, positions, levels
local function at(f, ...) local ok, e = pcall(f, ...) print(ok, e) end
local up, upt, upn = nil, {}, 5
at(function() local l; l() end) at(function() local l; l.x() end) at(function() local l; l:m() end) at(function() local l; return l.x end) at(function() local l; l.x = 1 end) at(function() local l; return l[1] end) at(function() local l = {}; return l.a.b end) at(function() local l = {}; return l.a.b.c end) at(function() local l = { a = {} }; l.a.b.c = 1 end)
at(function() up() end) at(function() return up.x end) at(function() up.x = 1 end) at(function() upt.f() end) at(function() upt:m() end) at(function() return upt.x.y end) at(function() upt.x.y = 1 end) at(function() upt.x.y.z() end) at(function() return upn.x.y end) at(function() upn() end) at(function() upn:m() end) at(function() upn.m() end)
at(function() nog() end) at(function() nog.x() end) at(function() return nog.x end) at(function() nog.x = 1 end) at(function() nog:m() end) at(function() return nog + 1 end) at(function() return nog .. "x" end) at(function() return #nog end) at(function() return -nog end) at(function() return nog < 1 end) at(function() return string.nog() end) at(function() return math.nog.x end)
at(function() local a, b = 1; return a + b end) at(function() local a, b = {}, 1; return a + b end) at(function() local a = {}; return a.x + 1 end) at(function() local a = {}; return 1 + a.x end) at(function() local a = {}; return a.x * a.y end) at(function() local a = "x"; return a + 1 end) at(function() local a = "x"; return 1 - a end) at(function() return upt + 1 end) at(function() return 2 ^ up end) at(function() return "abc" + 1 end) at(function() return {} + 1 end) at(function() return 1 + {} end) at(function() return nil + 1 end) at(function() return true / 2 end) at(function() return (function() end) * 2 end) at(function() local a = "10"; local b = {}; return a % b end)
at(function() local a; return -a end) at(function() return -{} end) at(function() return -"x" end) at(function() return #5 end) at(function() local n = 5; return #n end) at(function() return #upn end) at(function() return #upt.x end) at(function() return ~"x" end) at(function() return ~1.5 end) at(function() return ~{} end) at(function() local a; return ~a end)
at(function() local a; return a & 1 end) at(function() return 1 | up end) at(function() return 1.5 & 1 end) at(function() local a = 1.5; return a | 1 end) at(function() local a = 2 ^ 63; return 1 << a end) at(function() return "1.5" & 1 end) at(function() return "x" | 1 end) at(function() return 1 ~ "y" end) at(function() return {} >> 1 end) at(function() return upt.x << 1 end) at(function() return "x" // 1 end) at(function() local s = "3"; return s & {} end) at(function() return 1e100 | 0 end)
at(function() local a; return a .. "x" end) at(function() local a; return "x" .. a end) at(function() return "x" .. upt.name end) at(function() return "x" .. up .. "y" end) at(function() return {} .. {} end) at(function() return 1 .. {} end) at(function() return "a" .. "b" .. nil .. "c" end) at(function() return true .. "" end) at(function() local t = {}; return t.a .. t.b end) at(function() return "a" .. print end)
at(function() return 1 < "2" end) at(function() return "1" < 2 end) at(function() return {} < {} end) at(function() return nil < 1 end) at(function() return 1 > nil end) at(function() return nil <= nil end) at(function() return true < false end) at(function() return print < print end) at(function() return 1 >= {} end) at(function() return {} <= "x" end) at(function() local a, b = 1, "x"; return a < b end)
at(function() return 1 // 0 end) at(function() return 1 % 0 end) at(function() local z = 0; return 5 // z end) at(function() local z = 0; return 5 % z end) at(function() return math.mininteger // 0 end)
at(function() upt[nil] = 1 end) at(function() upt[0 / 0] = 1 end) at(function() local k; upt[k] = 1 end) at(function() return { [nil] = 1 } end) at(function() return { [0 / 0] = 1 } end) at(function() rawset({}, nil, 1) end)
at(function() for i = 1, {} do end end) at(function() for i = "x", 1 do end end) at(function() for i = 1, 2, {} do end end) at(function() for i = nil, nil do end end) at(function() for i = 1, nil do end end) at(function() for i = {}, {}, {} do end end) at(function() for k in 5 do end end) at(function() for k in nil do end end) at(function() for k in {} do end end) at(function() for k in pairs(nil) do end end) at(function() for k in ipairs() do end end) at(function() for _ in upt.iter do end end) at(function() for k, v in next, nil do end end) at(function() local it = 5; for _ in it do end end)
at(function() (5)() end) at(function() ("x")() end) at(function() ({})() end) at(function() (nil)() end) at(function() (function() end)()() end) at(function() upt[1]() end) at(function() upt["a b"]() end) at(function() local k = "key"; upt[k]() end) at(function() upt[upn]() end) at(function() local t = {}; t[1].x() end) at(function() return ("x").y.z end) at(function() return ("x"):nope() end) at(function() return #(nil) end) at(function() local t = { { } }; t[1][2][3] = 4 end) at(function() return upt[1][2] end) at(function() return upt[upn].x end)
at(function() error("m") end) at(function() error("m", 0) end) at(function() error("m", 1) end) at(function() error("m", 2) end) at(function() error("m", 100) end) at(function() error("m", -1) end) at(function() error() end) at(function() error(nil) end) at(function() error(5) end) at(function() error(5.5, 2) end) at(function() error(true) end)
local function level1() error("one", 1) end
local function level2() error("two", 2) end
local function outer2() level2() end
local function level3() error("three", 3) end
local function outer3() level3() local _ = 1 end
local function outermost() outer3() local _ = 1 end
at(level1) at(level2)
at(function()
  level2()
end)
at(outer2)
at(function()
  outermost()
  return 1
end)
at(function()
  local ok, e = pcall(level2)
  print(e)
  error(e, 0)
end)
at(function() return level2() end)
at(function() local t = setmetatable({}, { __index = function(t, k) error("no field " .. k, 2) end }); return t.x end)
at(function() local t = setmetatable({}, { __add = function() error("no add", 2) end }); return t + 1 end)
at(function() assert(false) end) at(function() assert(nil, "why") end) at(function() assert(false, 5) end) at(function() assert(1 == 2, "not equal") end)
at(function() string.rep() end) at(function() ("x"):rep() end) at(function() ("x"):rep({}) end) at(function() string.rep("x", {}) end) at(function() local r = string.rep; r() end) at(function() upt.r = string.rep; upt.r("x", {}) end) at(function() upt.r = nil; math.floor({}) end) at(function() setmetatable(1, {}) end) at(function() table.concat({ {} }) end) at(function() tostring() end) at(function() ipairs() end) at(function() ("x").rep() end) at(function() table.insert({}, 1, 2, 3) end) at(function() local s = string; s.rep() end) at(function() return (string.rep)() end) at(function() return string.rep() end) at(function() return tonumber("z", 99) end) at(function() table.sort({ 3, "x" }) end) at(function() string.char(-1) end) at(function() ("x"):bad() end) at(function() io.open() end) at(function() os.time({}) end) at(function() coroutine.resume(1) end) at(function() coroutine.wrap(nil) end) at(function() select(0) end) at(function() next({}, "x") end) at(function() math.random(0) end) at(function() utf8.char(-1) end) at(function() string.format("%d", "x") end) at(function() ("%d"):format("x") end) at(function() ("%d %d"):format(1) end)
at(string.rep) at(math.floor, {}) at(table.concat, { {} }) at(setmetatable, 1) at(error, "direct") at(assert, false, "direct") at(("x").rep, "x", {}) at(tostring) at(ipairs)
at(function() table.sort({ 1, 2, 3 }, function(a, b) return a.x < b.x end) end) at(function() ("abc"):gsub(".", function(c) return c.x.y end) end) at(function() return tostring(setmetatable({}, { __tostring = function() error("in tostring") end })) end) at(function() return select(2, pcall(error, "nested")) + 1 end)
local function named() local t = nil; return t.field end at(named) function global_named() return undefined_thing.field end at(global_named)
local t = { method = function(self) return self.none.x end } at(t.method, t) at(function() return t:method() end) at(function() return t.method() end)
at(function(...) local a = ...; return a.x end) at(function(...) return (...).x end) at(function(a) return a.x end) at(function(a, b) return a + b end, 1) at(function(a) a() end) at(function(a) a.b() end, {}) at(function(a) a:b() end, {}) at(function(self) self.x.y = 1 end, {})
