-- What the libraries of an application do that those of a script do not.
local io = require("io")
local eager = require("eager")

local function equal(seen, expected)
    if seen ~= expected then
        error(tostring(seen) .. " instead of " .. tostring(expected), 2)
    end
end

-- The call fails with this text; the function is in a variable, so that no check sees the arguments.
local function raises(text, f, ...)
    local ok, message = pcall(f, ...)
    equal(ok, false)
    if not string.find(tostring(message), text, 1, true) then
        error(tostring(message) .. " instead of " .. text, 2)
    end
end

local function numbers()
    equal(tostring(3.0) .. " " .. 10 / 2 .. " " .. -0.0 .. " " .. 2 ^ 53, "3 5 0 9007199254740992")
    equal(table.concat({ 1.0, 1e15, 123456.5, 1234567.5, 0.00001 }, " "), "1 1000000000000000 123456.5 1.2345675e+06 1e-05")
    equal(1 / 0 .. " " .. -1 / 0 .. " " .. 0.1 + 0.2 .. " " .. 1 / 3, "+Inf -Inf 0.30000000000000004 0.3333333333333333")
    equal(tostring(0 / 0) .. " " .. tostring(-(0 / 0)), "NaN NaN")
    equal(-2 ^ 63 .. " " .. 2 ^ 63 .. " " .. 1e100, "-9223372036854775808 9.223372036854776e+18 1e+100")
    equal(string.format("%s %d %x", 2.0, 3.9, 255.5), "2 3 ff")
    equal(("x"):rep(2.9) .. ("abc"):sub(2.5) .. string.char(65.9), "xxbcA")
    equal(math.type(3.0) .. math.type(3), "floatinteger")
end

local function base()
    equal(_VERSION .. ", " .. _GOPHER_LUA_VERSION, "Lua 5.3 - Wippy Modification, GopherLua 0.2 Wippy Edition")
    for _, name in ipairs { "load", "loadstring", "loadfile", "dofile", "collectgarbage", "module", "setfenv", "getfenv",
        "newproxy", "arg", "bit32", "debug" } do
        equal(_G[name], nil)
    end
    for _, name in ipairs { "execute", "exit", "getenv", "remove", "rename", "tmpname", "setlocale" } do
        equal(os[name], nil)
    end
    raises("attempt to call a nil value (field 'load')", function() _G.load("x") end)
    equal(select("#", unpack({ 1, nil, 3 }, 1, 3)), 3)
    equal(select(2, unpack { "a", "b" }), "b")
    raises("bad argument #1 to 'unpack' (table expected, got string)", function() local unpack = unpack unpack("x") end)
    -- A name that is put together finds libraries and globals, and nothing else.
    local function computed(name) return require(name .. "") end
    equal(computed("string"), string)
    equal(computed("_G"), _G)
    raises("module 'no_such' not found", computed, "no_such")
    raises("bad argument #1 to 'require' (string expected, got nil)", function() local name = nil require(name) end)
end

local function packages()
    equal(package.path .. package.cpath, "")
    equal(package.loadlib("x.so", "open"), "cannot load module 'x.so': loadlib disabled")
    raises("bad argument #1 to 'package.loadlib' (string expected, got no value)", package.loadlib)
    equal(package.loaded or package.preload or package.searchpath or package.config, nil)
    local room = { own = 1 }
    equal(select("#", package.seeall(room)), 0)
    equal(room.own == 1 and room.print == print and room.nothing == nil, true)
    equal(getmetatable(room).__index, _G)
    raises("table expected, got nil", package.seeall, nil)
end

local function frozen()
    for _, library in ipairs { string, table, math, os, errors, coroutine, channel, payload, package } do
        raises("attempt to modify Immutable table", function() library.own = 1 end)
        raises("attempt to modify Immutable table", rawset, library, "own", 1)
        raises("attempt to modify Immutable table", setmetatable, library, {})
    end
    local list = table.freeze({ 3, 1, 2, inner = {} })
    equal(table.isfrozen(list), true)
    equal(table.isfrozen(list.inner), false)
    list.inner.x = 1
    raises("attempt to modify Immutable table", function() list[1] = 1 end)
    raises("attempt to modify Immutable table", function() list.new = 1 end)
    raises("attempt to insert into Immutable table", table.insert, list, 4)
    raises("attempt to remove from Immutable table", table.remove, list)
    raises("attempt to sort Immutable table", table.sort, list)
    equal(table.concat(list, ","), "3,1,2")
    raises("table expected, got number", table.freeze, 1)
    -- The globals are no library.
    some_global = 1
    equal(rawget(_G, "some_global"), 1)
end

local function tables()
    local room = table.create(4, 2)
    equal(next(room), nil)
    room[1], room.x = "first", "x"
    equal(#room .. room.x, "1x")
    raises("number expected, got no value", table.create, 1)
    equal(table.getn({ "a", "b" }) .. " " .. table.maxn({ [3] = 1, [7] = 2, x = 3 }) .. " " .. table.maxn({}), "2 7 0")
end

local function strings()
    equal(("grün É"):upper() .. ("ÄÖ x"):lower(), "GRÜN Éäö x")
    equal(("\xff ä"):upper(), "\xff Ä")
    raises("GopherLua does not support the string.dump", string.dump, print)
    local words = ""
    for word in string.gfind("one two", "%a+") do words = words .. word .. ";" end
    equal(words, "one;two;")
    equal(select("#", ("x"):match("y")), 1)
end

local function maths()
    equal(math.atan2(1, 1), math.pi / 4)
    equal(math.mod(-5, 3) .. " " .. math.fmod(-5, 3) .. " " .. math.pow(2, 10) .. " " .. math.log10(1000), "1 -2 1024 3")
    equal(math.cosh(0) .. " " .. math.sinh(0) .. " " .. math.tanh(0), "1 0 0")
    local m, e = math.frexp(12)
    equal(m .. " " .. e .. " " .. math.ldexp(m, e), "0.75 4 12")
    equal(math.huge, 1 / 0)
    equal(math.max("10", 9), 10)
    raises("bad argument #1 to 'math.max' (value expected)", math.max)
    raises("interval is empty", math.random, 0)
    -- A third argument and the seed change nothing.
    equal(math.random(2, 2, 9), 2)
    equal(select("#", math.randomseed("any", "thing")), 0)
    for _ = 1, 100 do
        local n = math.random(3.9)
        equal(n >= 1 and n <= 3, true)
    end
end

local function times()
    equal(os.platform, "wippy")
    local day = { year = 2024, month = 3, day = 1 }
    local midnight = os.time(day)
    equal(os.date("%H:%M:%S", midnight), "00:00:00")
    equal(os.time({ year = 2024, month = 14, day = 1, hour = 0, isdst = true }), os.time({ year = 2025, month = 2, day = 1 }))
    equal(day.hour, nil)
    equal(os.time({ year = 2024, month = 3, day = 1, hour = "late" }), midnight)
    raises("table expected, got nil", os.time, nil)
    raises("string expected, got nil", os.date, nil)
    raises("number expected, got nil", os.date, "%Y", nil)
    equal(os.date("!%Q %d %", 0), "%Q 01 %")
    equal(os.date("!%c", 0), "Thu Jan  1 00:00:00 1970")
    equal(os.date("!%x %X %p", 3600 * 13), "01/01/70 13:00:00 PM")
    equal(os.difftime(3.5, 1), 2.5)
    raises("number expected, got no value", os.difftime, 1)
end

local function coroutines()
    equal(type(coroutine.running()), "thread")
    local thread
    local co = coroutine.create(function() thread = coroutine.running() coroutine.yield(1) error("lost", 0) end)
    equal(select("#", coroutine.resume(co)), 2)
    equal(thread, co)
    equal(coroutine.status(co), "suspended")
    equal(select(2, coroutine.resume(co)), "lost")
    equal(select(2, coroutine.resume(co)), "cannot resume dead coroutine")
    equal(select(2, coroutine.resume(coroutine.create(function() return coroutine.resume(coroutine.running()) end))), false)
    raises("bad argument #1 to 'coroutine.spawn' (function expected", coroutine.spawn, 1)
    -- No position is put in front of what passes through `wrap`.
    local wrapped = coroutine.wrap(function() error("unchanged", 0) end)
    local ok, message = pcall(function() wrapped() end)
    equal(message, "unchanged")
    raises("cannot resume dead coroutine", wrapped)
    local order = ""
    local spawned = coroutine.spawn(function(...) order = order .. select("#", ...) coroutine.yield("to nobody") order = order .. "b" end)
    order = order .. "a"
    equal(type(spawned) .. coroutine.status(spawned), "threadsuspended")
    equal(select("#", coroutine.yield()), 0)
    equal(order .. coroutine.status(spawned), "0abdead")
    equal(eager.waited, false)
    equal(eager.message, "attempt to yield from outside a coroutine")
end

local function protected()
    -- A handler that fails leaves the error as it was.
    equal(select(2, xpcall(error, function(m) error("again") end, "as it was")), "as it was")
    local thrown = {}
    equal(select(2, xpcall(error, function(m) return m.x.y end, thrown)), thrown)
    equal(select(2, xpcall(function(a, b) return a + b end, print, 1, 2)), 3)
    raises("attempt to call a number value", 5)
end

local function structured_errors()
    local plain = errors.new("m")
    equal(type(plain) .. plain:message() .. plain:kind(), "userdatam")
    equal(plain:retryable(), nil)
    equal(plain:details(), nil)
    equal(errors.UNKNOWN, "")
    local full = errors.new { message = "full", kind = errors.TIMEOUT, retryable = true, details = { n = 1, list = { 1, 2 } } }
    equal(full:kind(), "Timeout")
    equal(full:retryable(), true)
    equal(full:details().n + #full:details().list, 3)
    equal(full:details() == full:details(), false)
    equal("x" .. full .. full .. 1, "xfullfull1")
    equal(table.concat({ full, "y" }), "fully")
    equal(tostring(full), "full")
    equal(string.len(full), 4)
    -- Details are data: whatever else stands there is kept as its text, under the keys of records and lists.
    local inner = { deep = { "x", { y = 1.5 } }, none = {} }
    local mixed = errors.new { message = "mixed", details = { call = print, channel = channel.new(), cause = full, inner = inner, [1] = "first", [true] = 1, [1.5] = 2 } }
    inner.deep = nil
    local details = mixed:details()
    equal(type(details.call) .. type(details.channel) .. details.cause .. details[1], "stringstringfullfirst")
    equal(details.inner.deep[1] .. details.inner.deep[2].y .. type(details.inner.none), "x1.5table")
    equal(details[true] or details[1.5], nil)
    equal(errors.new({ message = "m", details = { [true] = 1 } }):details(), nil)
    local loop = {}
    loop.loop, loop.again = loop, { loop }
    local looped = errors.new({ message = "m", details = loop }):details()
    equal(looped.loop.again[1].loop, looped)

    local odd = errors.new { message = "odd", kind = 5, retryable = "yes", details = "none" }
    equal(odd:kind(), "")
    equal(odd:retryable(), nil)
    equal(odd:details(), nil)

    local once = errors.wrap(full, "c1")
    local twice = errors.wrap(once, errors.new("c2"))
    equal(once:message(), "full")
    equal(twice:message() .. twice:kind(), "c1: fullTimeout")
    equal(twice:retryable(), true)
    equal(errors.wrap("text", "c"):message(), "text")
    equal(errors.is(twice, errors.TIMEOUT), true)
    equal(errors.is(plain, "Timeout") or errors.is("text", "Timeout") or errors.is({}, ""), false)
    equal(errors.is(nil, "Timeout"), false)

    raises("bad argument #1 to 'new' (value expected)", errors.new)
    raises("(message field is required)", errors.new, {})
    raises("(message must be a string)", errors.new, { message = 5 })
    raises("(expected string or table)", errors.new, true)
    raises("bad argument #1 to 'wrap' (value expected)", errors.wrap)
    raises("bad argument #2 to 'wrap' (value expected)", errors.wrap, full)
    raises("bad argument #1 to 'wrap' (expected string or error object)", errors.wrap, 1, "c")
    raises("bad argument #2 to 'wrap' (expected string or error object)", errors.wrap, full, {})
    raises("bad argument #1 to 'is' (value expected)", errors.is)
    raises("bad argument #2 to 'is' (string expected, got no value)", errors.is, full)
    equal(errors.call_stack("no error"), nil)

    -- They are values: identity, no fields but methods, thrown and caught as they are.
    equal(full == full and full ~= once and full.nothing == nil, true)
    raises("attempt to index a userdata value", function() full.x = 1 end)
    equal(full.kind(5) .. full.message("x") .. full.stack({}), "")
    equal(full.retryable(5), nil)
    equal(select(2, pcall(error, full)), full)
    equal(select(2, pcall(assert, nil, full)), full)
    equal(select(2, coroutine.resume(coroutine.create(function() error(full) end))), full)
    equal(string.match(full:stack(), "^full") .. string.match(once:stack(), "^c1\n.*(full)"), "fullfull")
end

local function main()
    numbers()
    base()
    packages()
    frozen()
    tables()
    strings()
    maths()
    times()
    coroutines()
    protected()
    structured_errors()
    io.print("all of it")
end

return { main = main }
