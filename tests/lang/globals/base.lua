-- 4.1, 4.2: the base library
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = type(r[i]) == "table" and "table" or type(r[i]) == "function" and "function" or tostring(r[i]) end print(table.concat(r, " | ")) end
print(_VERSION, type(_G), _G._G == _G, type(_ENV), _G.print == print)
for _, name in ipairs({ "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "tonumber", "tostring", "type", "xpcall", "collectgarbage", "string", "table", "math", "os", "io", "coroutine", "utf8", "package", "arg" }) do io.write(name, ":", type(_G[name]), " ") end print()
-- What is there beside is shown by differs/more_functions and differs/bits_of_older_programs.
local more = {} for name in ("create freeze isfrozen close dump spawn bit32 atan2 cosh frexp ldexp log10 pow sinh tanh channel errors payload process dofile load loadfile debug"):gmatch("%a+%d*") do more[name] = true end
for _, lib in ipairs({ "math", "os", "io", "coroutine", "utf8", "table", "string", "package" }) do local names = {} for k, v in pairs(_G[lib]) do if not more[k] then names[#names + 1] = k .. ":" .. type(v) end end table.sort(names) print(lib, table.concat(names, " ")) end
print(type(nil), type(1), type("x"), type({}), type(print), type(true), type(coroutine.create(print)), type(io.stdout)) try(type)
print(tostring(nil), tostring(1), tostring(1.0), tostring("x"), tostring(true), tostring(print):match("^[%a ]+: "), tostring({}):match("^table: 0x%x+$") ~= nil, tostring(function() end):match("^function: 0x%x+$") ~= nil, tostring(coroutine.create(print)):match("^thread: 0x%x+$") ~= nil, tostring(io.stdout):match("^file %(0x%x+%)$") ~= nil)
try(tostring) try(tostring, setmetatable({}, { __tostring = function() return "mine" end })) try(tostring, setmetatable({}, { __tostring = function() return 5 end })) try(tostring, setmetatable({}, { __tostring = function() end })) print((tostring(setmetatable({}, { __name = "My.Type" })):gsub("0x%x+", "ADDR")))
print(setmetatable({}, { __tostring = function() return "printed" end }), "and", nil, true)
try(print, setmetatable({}, { __tostring = function() return {} end }))
print(select("#"), select("#", nil, nil), select(2, "a", "b", "c")) print(select(-1, "a", "b")) print(select(3, "a", "b")) print((select(2, "a", "b", "c"))) print(select("2", "a", "b")) print(select(2.0, "a", "b"))
try(select) try(select, 0) try(select, -1) try(select, -3, 1, 2) try(select, "x") try(select, 1.5, 1) try(select, {}, 1) try(select, nil)
try(setmetatable, {}) try(setmetatable, {}, 5) try(setmetatable, 5, {}) try(setmetatable, nil, {}) try(setmetatable) print(getmetatable({}), getmetatable(5), getmetatable(print), getmetatable(nil), pcall(getmetatable))
local mt = { __metatable = "locked" } local t = setmetatable({}, mt) print(getmetatable(t), pcall(setmetatable, t, {}), pcall(setmetatable, t, nil)) mt.__metatable = false print(getmetatable(t), pcall(setmetatable, t, nil)) mt.__metatable = nil print(getmetatable(t) == mt, getmetatable(setmetatable(t, nil)))
try(next) try(next, 5) try(next, {}, 1) print(next({})) print(type(next), next({}, nil)) try(rawequal, 1) try(rawequal) try(rawget, {}) try(rawset, {}, 1) try(rawset, 5, 1, 1) try(rawlen) try(rawlen, 5) try(rawlen, nil)
try(assert) try(assert, false) try(assert, nil) try(assert, false, "message") try(assert, nil, nil) try(assert, false, 5) try(assert, 1, 2, 3) try(assert, false, {}) print(assert(1, "two", 3))
try(error) try(error, nil) try(error, "x") try(error, "x", 0) try(error, "x", 1) try(error, {}) try(error, true) try(error, 5) try(error, "x", "y")
try(pcall) try(pcall, 5) try(pcall, nil) try(xpcall) try(xpcall, print) try(xpcall, 5, function(e) return "handled " .. tostring(e) end) try(xpcall, error, 5) try(xpcall, function() return 1, 2 end, print) try(xpcall, function(...) return ... end, print, 1, nil, 3) try(xpcall, function() error("a", 0) end, function(e) return e .. "!", "second" end)
try(xpcall, function() error("a", 0) end, function(e) error("b", 0) end) try(xpcall, function() local u = nil; u() end, function(e) return (e:gsub("^.-: ", "")) end)
print(pcall(pcall, error, "x")) print(pcall(pcall)) print(select("#", pcall(function() end)), pcall(function() return nil end))
try(ipairs) try(pairs) try(collectgarbage, "nope") print(type(collectgarbage("count")), collectgarbage(), collectgarbage("collect"), collectgarbage("isrunning"), type(collectgarbage("step"))) print(collectgarbage("count") > 0)
print(#arg, arg[0], arg[1], arg[2], arg[3], select("#", ...), ...)
x_global = 5 print(x_global, _G.x_global, rawget(_G, "x_global")) _G.y_global = 6 print(y_global) x_global = nil print(x_global, undefined_global)
setmetatable(_G, { __index = function(_, k) return "missing " .. k end, __newindex = function(g, k, v) rawset(g, k, v .. "!") end }) print(some_name) new_name = "n" print(new_name, rawget(_G, "some_name")) setmetatable(_G, nil) print(some_name)
local real = print print = function(...) real("shadowed", ...) end print("x") print = real
local tostring = function(v) return "T" .. tostring(v) end print(tostring(1))
local type = type print(type(type))
for _, name in ipairs({ "unpack", "loadstring", "setfenv", "getfenv", "module", "newproxy" }) do io.write(name, ":", tostring(_G[name]), " ") end print()
do local t = {} for k in pairs(_G) do if not more[k] then t[#t + 1] = k end end table.sort(t) print(table.concat(t, " ")) end
print(_ENV == _G, _ENV.print == print) _ENV.through = 1 print(through, #_ENV)
-- chains of metatables end after some two thousand links
do
  local function chain(n) local last = { found = "at the end" } for _ = 1, n do last = setmetatable({}, { __index = last, __newindex = last }) end return last, n end
  print((chain(1999)).found, pcall(function() return (chain(2001)).found end)) print(pcall(function() chain(1990).new = 1 end), (select(2, pcall(function() chain(2001).new = 1 end))))
end
-- What was set is told back.
print(collectgarbage("setpause", 100), collectgarbage("setpause", 150), collectgarbage("setpause", -5), collectgarbage("setpause", 1 << 33 | 7), collectgarbage("setpause", 200), collectgarbage("setpause"))
print(collectgarbage("setstepmul", 300), collectgarbage("setstepmul", 200), collectgarbage("setstepmul", 0), collectgarbage("setstepmul"), collectgarbage("setstepmul", 200), collectgarbage("setstepmul", 200))
