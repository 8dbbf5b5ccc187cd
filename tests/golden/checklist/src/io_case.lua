-- The checklist of channels, time and the small modules, in its order.
local check = require("check")
local env = require("env")
local events = require("events")
local io = require("io")
local json = require("json")
local logger = require("logger")
local time = require("time")

local cases = {}

cases[1] = function()
    local log = {}
    local c = channel.new()
    coroutine.spawn(function()
        log[#log + 1] = "r-wait"
        local v = c:receive()
        log[#log + 1] = "r-got-" .. v
    end)
    log[#log + 1] = "main"
    c:send(1)
    log[#log + 1] = "sent"
    time.sleep("1ms")
    check.equal(table.concat(log, ", "), "r-wait, main, sent, r-got-1")
end

cases[2] = function()
    local c = channel.new(3)
    local sent = 0
    coroutine.spawn(function()
        for n = 1, 4 do
            c:send(n)
            sent = n
        end
    end)
    check.equal(sent, 3)
    for n = 1, 4 do
        check.equal(c:receive(), n)
    end
    time.sleep("1ms")
    check.equal(sent, 4)
end

cases[3] = function()
    local c = channel.new(1)
    c:send(nil)
    local v, ok = c:receive()
    check.yes(v == nil and ok == true)
    c:close()
    v, ok = c:receive()
    check.yes(v == nil and ok == false)
    check.equal(select("#", c:receive()), 2)
end

cases[4] = function()
    local c = channel.new(1)
    c:close()
    c:close()
    check.raises("send on closed channel", function()
        c:send(1)
    end)
end

cases[5] = function()
    local c, woken = channel.new(), 0
    for _ = 1, 3 do
        coroutine.spawn(function()
            local _, ok = c:receive()
            woken = woken + (ok and 0 or 1)
        end)
    end
    c:close()
    time.sleep("1ms")
    check.equal(woken, 3)
    local full = channel.new(2)
    full:send("a")
    full:send("b")
    full:close()
    check.equal(full:receive() .. full:receive(), "ab")
end

cases[6] = function()
    local a, b = channel.new(100), channel.new(100)
    for n = 1, 100 do
        a:send(n)
        b:send(n)
    end
    for n = 1, 100 do
        local r = channel.select { a:case_receive(), b:case_receive(), default = true }
        check.yes(r.channel == a and r.value == n)
    end
    check.yes(channel.select({ a:case_receive(), default = true }).default)
    a:close()
    local r = channel.select { a:case_receive(), default = true }
    check.yes(r.channel == a and r.ok == false and r.default == nil)
end

cases[7] = function()
    local c = channel.new(1)
    c:close()
    check.equal(channel.select({ c:case_send(1), default = true }).default, true)
end

cases[8] = function()
    local inbox, topic = process.inbox(), process.listen("t")
    local after, own = time.after("1ms"), channel.new(1)
    local case = own:case_receive()
    for _ = 1, 2 do
        own:send("x")
        check.yes(channel.select({ case }).channel == own)
    end
    process.send(process.pid(), "t", 1)
    check.yes(channel.select({ topic:case_receive() }).channel == topic)
    process.send(process.pid(), "other", 1)
    check.yes(channel.select({ inbox:case_receive() }).channel == inbox)
    check.yes(channel.select({ after:case_receive() }).channel == after)
end

cases[9] = function()
    local order = {}
    coroutine.spawn(function()
        order[#order + 1] = "child"
    end)
    order[#order + 1] = "spawner"
    check.equal(table.concat(order, " "), "child spawner")
    local _, err = process.exec("app:child", "app:workers", "coroutine_fails")
    check.contains(tostring(err), "inside a coroutine")
    local inbox = process.inbox()
    check.equal(process.exec("app:child", "app:workers", "leaves_a_coroutine", process.pid()), "left")
    local late = time.after("50ms")
    check.yes(channel.select({ inbox:case_receive(), late:case_receive() }).channel == late)
end

cases[10] = function()
    local work, done, seen = channel.new(), channel.new(), {}
    for _ = 1, 3 do
        coroutine.spawn(function()
            while true do
                local item, ok = work:receive()
                if not ok then
                    break
                end
                seen[item] = (seen[item] or 0) + 1
            end
            done:send(true)
        end)
    end
    for n = 1, 30 do
        work:send(n)
    end
    work:close()
    for _ = 1, 3 do
        done:receive()
    end
    for n = 1, 30 do
        check.equal(seen[n], 1)
    end
end

cases[11] = function()
    local c = time.after("10ms")
    local at, ok = c:receive()
    check.yes(ok and at:unix() > 0)
    at, ok = c:receive()
    check.yes(at == nil and ok == false)
    local none, err = time.after(0)
    check.fails(none, err, "time.after: duration must be > 0", errors.INVALID)
end

cases[12] = function()
    local none, err = time.sleep("abc")
    check.fails(none, err, 'time: invalid duration "abc"', errors.INVALID)
end

cases[13] = function()
    local timer = time.timer("1h")
    check.equal(timer:stop(), true)
    check.equal(timer:stop(), false)
    timer = time.timer("1ms")
    timer:response():receive()
    check.equal(timer:stop(), false)
    check.equal(timer:reset("1ms"), false)
    timer = time.timer("20ms")
    local begun = time.now()
    check.equal(timer:reset("40ms"), true)
    timer:response():receive()
    check.yes(time.now():sub(begun):milliseconds() >= 40)
end

cases[14] = function()
    local ticker = time.ticker("5ms")
    local begun = time.now()
    for _ = 1, 4 do
        ticker:response():receive()
    end
    check.yes(time.now():sub(begun):milliseconds() >= 20)
    time.sleep("150ms")
    check.equal(ticker:stop(), true)
    local count = 0
    while true do
        local _, ok = ticker:response():receive()
        if not ok then
            break
        end
        count = count + 1
    end
    check.yes(count >= 10 and count <= 16, count .. " ticks were kept")
end

cases[15] = function()
    check.equal(tostring(time.parse_duration("90m")), "1h30m0s")
    local span = time.parse_duration("1500ms")
    check.equal(tostring(span), "1.5s")
    check.equal(span:milliseconds(), 1500)
end

cases[16] = function()
    check.equal(time.date(2024, 13, 1, 0, 0, 0, 0, time.utc):format("2006-01-02"), "2025-01-01")
    local layouts = {
        "RFC3339", "RFC3339NANO", "RFC822", "RFC822Z", "RFC850", "RFC1123", "RFC1123Z", "KITCHEN", "STAMP",
        "STAMP_MILLI", "STAMP_MICRO", "STAMP_NANO", "DATE_TIME", "DATE_ONLY", "TIME_ONLY"
    }
    local moment = time.date(2024, 5, 6, 7, 8, 9, 123456789, time.utc)
    for _, name in ipairs(layouts) do
        local text = moment:format(time[name])
        local parsed, err = time.parse(time[name], text, time.utc)
        check.yes(parsed, name .. ": " .. tostring(err))
        check.equal(parsed:format(time[name]), text, name)
    end
end

cases[17] = function()
    local none, err = time.parse(time.DATE_ONLY, "yesterday")
    check.fails(none, err, "cannot parse", errors.INVALID)
end

cases[18] = function()
    for _, name in ipairs { "write", "print", "eprint", "read", "readline", "raw", "flush" } do
        local none, err = io[name]()
        check.fails(none, err, "no terminal context", errors.UNAVAILABLE)
    end
    check.equal(#io.args(), 0)
end

cases[21] = function()
    local function fails(value, text)
        local none, err = json.encode(value)
        check.fails(none, err, text, errors.INTERNAL)
    end
    fails({ 1, 2, x = 3 }, "cannot encode mixed-key table: table has both numeric and non-numeric keys")
    fails({ [1] = 1, [3] = 3 }, "cannot encode sparse array: non-contiguous numeric keys found")
    local cycle = {}
    cycle.own = cycle
    fails(cycle, "cannot encode recursively nested tables to JSON")
    local function nested(depth)
        local value = {}
        for _ = 2, depth do
            value = { value }
        end
        return value
    end
    check.yes(json.encode(nested(128)))
    fails(nested(129), "exceeded maximum nesting depth for JSON encoding")
    check.equal(json.encode {}, "[]")
    check.equal(json.encode(3.0), "3")
    check.equal(json.encode(0 / 0), "null")
    check.equal(json.encode "<&>", '"\\u003c\\u0026\\u003e"')
end

cases[22] = function()
    check.equal(math.type(json.decode "1"), "integer")
    check.equal(math.type(json.decode "1.0"), "float")
    local none, err = json.decode("")
    check.fails(none, err, "empty string is not valid JSON", errors.INVALID)
    none, err = json.decode(1)
    check.fails(none, err, "string expected", errors.INVALID)
    none, err = json.decode("{")
    check.fails(none, err, "", errors.INTERNAL)
end

cases[23] = function()
    local own, wide = events.subscribe("orders.eu", "made"), events.subscribe("orders.*")
    events.send("orders.eu", "made", "/1", { n = 1 })
    events.send("orders.eu", "lost", "/1")
    local event = own:channel():receive()
    check.equal(event.data.n, 1)
    check.equal(wide:channel():receive().kind, "made")
    check.equal(wide:channel():receive().kind, "lost")
    check.yes(channel.select({ own:channel():case_receive(), default = true }).default, "the kind was not looked at")
    own:close()
    local _, ok = own:channel():receive()
    check.equal(ok, false)
    for n = 1, 200 do
        events.send("orders.us", "made", "/" .. n, n)
    end
    for n = 1, 200 do
        check.equal(wide:channel():receive().data, n)
    end
end

cases[24] = function()
    local path, err = env.get("PATH")
    check.yes(path and #path > 0, tostring(err))
    local value
    value, err = env.get("HOME")
    check.fails(value, err, "environment variable not found", errors.NOT_FOUND)
    value, err = env.set("PATH", "x")
    check.fails(value, err, "storage is read-only", errors.PERMISSION_DENIED)
    value, err = env.get("")
    check.fails(value, err, "empty key", errors.INVALID)
    check.equal(env.get_all().PATH, path)
end

cases[26] = function()
    local c = channel.new()
    coroutine.spawn(function()
        c:send("value")
    end)
    local ok, value = pcall(function()
        return (c:receive())
    end)
    check.yes(ok)
    check.equal(value, "value")
    local sleeper = coroutine.create(function()
        time.sleep("2ms")
        coroutine.yield("slept")
        return "done"
    end)
    local _, first = coroutine.resume(sleeper)
    local _, second = coroutine.resume(sleeper)
    check.equal(first .. " " .. second, "slept done")
    logger:debug("all of it was seen")
end

local function main(number)
    cases[number]()
end

return { main = main }
