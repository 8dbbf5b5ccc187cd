-- The checklist of processes, in its order.
local check = require("check")
local ctx = require("ctx")
local funcs = require("funcs")
local time = require("time")

local HOST = "app:workers"
local cases = {}

-- Starts a child and gives its end, as a watcher sees it.
local function ended(...)
    local events = process.events()
    local pid, err = process.spawn_monitored("app:child", HOST, ...)
    check.equal(err, nil)
    local event = events:receive()
    check.equal(event.kind, process.event.EXIT)
    check.equal(event.from, pid)
    return event.result, pid
end

cases[1] = function()
    local inbox = process.inbox()
    check.equal(type(process.pid()), "string")
    check.yes(#process.pid() > 0)
    local pid = process.spawn("app:child", HOST, "greet", process.pid())
    local message = inbox:receive()
    check.equal(message:from(), pid)
    check.equal(message:payload():data(), pid)
end

cases[2] = function()
    local events = process.events()
    for _, how in ipairs { "inbox", "listen" } do
        local pid = process.spawn_monitored("app:child", HOST, "collect", how)
        for letter in ("abcdefghij"):gmatch(".") do
            check.yes(process.send(pid, "letter", letter))
        end
        check.equal(events:receive().result.value, "abcdefghij", how)
    end
end

cases[3] = function()
    local inbox = process.inbox()
    process.send(process.pid(), "X", 1)
    local message = inbox:receive()
    check.equal(message:topic(), "X")
    local listener = process.listen("X")
    process.send(process.pid(), "X", 2)
    check.equal(listener:receive(), 2)
end

cases[4] = function()
    local events = process.events()
    local pid = process.spawn_monitored("app:child", HOST, "inspect")
    local shared = {}
    local t = setmetatable({ a = shared, b = shared, i = 1, f = 1.0, n = 1 }, { __index = { x = "inherited" } })
    t.own = t
    process.send(pid, "thing", t)
    t.n, t.a = 2, nil
    check.equal(events:receive().result.value, "true true inherited integer float 1")
end

cases[5] = function()
    local events = process.events()
    local pid = process.spawn_monitored("app:child", HOST, "types")
    local err = errors.new { message = "lost", kind = errors.TIMEOUT }
    process.send(pid, "thing", { channel = channel.new(), time = time.now(), error = err })
    check.equal(events:receive().result.value, "nil nil userdata Timeout lost")
end

cases[6] = function()
    local _, pid = ended("return")
    local ok, err = process.send(pid, "t")
    check.fails(ok, err, "process not found", errors.NOT_FOUND)
end

cases[7] = function()
    check.raises("bad argument #1 to 'send' (string expected, got nil)", process.send, nil, "t")
    local ok, err = process.send("nobody", "t")
    check.fails(ok, err, "could not resolve 'nobody' as PID or registered name", errors.NOT_FOUND)
end

cases[8] = function()
    local pid, err = process.spawn("app:child", "app:nowhere")
    check.fails(pid, err, "host not found", errors.NOT_FOUND)
    pid, err = process.spawn("app:nothing", HOST)
    check.fails(pid, err, "factory not found", errors.NOT_FOUND)
    pid, err = process.spawn("app:double", HOST)
    check.fails(pid, err, "factory not found", errors.NOT_FOUND)
    pid, err = process.spawn("app:child", "app:idle")
    check.fails(pid, err, "host is not running", errors.UNAVAILABLE)
    pid, err = process.spawn("app:broken", HOST)
    check.fails(pid, err, "failed to execute script: app:broken:3: broken on purpose", errors.INTERNAL)
end

cases[9] = function()
    local result = ended("return", 7)
    check.equal(result.value, 7)
    check.equal(result.error, nil)
end

cases[10] = function()
    local result = ended("returns_text")
    check.equal(tostring(result.error), "bad")
    check.equal(result.error:kind(), errors.INTERNAL)
    result = ended("raise")
    check.contains(tostring(result.error), "app:child:")
    check.contains(tostring(result.error), "bad")
end

cases[11] = function()
    local result = ended("returns_error")
    check.equal(result.error:kind(), errors.NOT_FOUND)
    local value, err = process.exec("app:child", HOST, "returns_error")
    check.fails(value, err, "m", errors.NOT_FOUND)
end

cases[12] = function()
    check.equal(tostring(ended("link", false, "raise").error), "linked process failed")
    check.contains(ended("link", true, "raise").value, "pid.link.down app:child:")
    check.equal(ended("link", false, "return").value, "nothing came")
    check.equal(ended("link", true, "return").value, "nothing came")
end

cases[13] = function()
    local events = process.events()
    process.set_options { trap_links = true }
    process.spawn_linked_monitored("app:child", HOST, "raise")
    check.equal(events:receive().kind, process.event.EXIT)
    check.equal(events:receive().kind, process.event.LINK_DOWN)
end

cases[14] = function()
    local events = process.events()
    local pid = process.spawn_monitored("app:child", HOST, "wait", process.pid())
    check.yes(process.terminate(pid))
    check.equal(tostring(events:receive().result.error), "process terminated")
    local ok, err = process.terminate(pid)
    check.fails(ok, err, "process not found", errors.INTERNAL)
end

cases[15] = function()
    local inbox, events = process.inbox(), process.events()
    local pid = process.spawn_monitored("app:child", HOST, "wait", process.pid())
    for _, reason in ipairs { "", "enough" } do
        if reason == "" then
            check.yes(process.cancel(pid))
        else
            check.yes(process.cancel(pid, reason))
        end
        local seen = inbox:receive():payload():data()
        check.equal(seen.kind, process.event.CANCEL)
        check.equal(seen.from, process.pid())
        check.equal(seen.reason, reason)
    end
    -- It is alive in spite of both.
    check.yes(process.send(pid, "end", "well"))
    check.equal(events:receive().result.value, "well")
end

cases[16] = function()
    local pid = process.spawn_monitored("app:child", HOST, "wait", process.pid())
    local ok, err = process.monitor(pid)
    check.fails(ok, err, "already monitoring pid", errors.INTERNAL)
    local _, gone = ended("return")
    ok, err = process.monitor(gone)
    check.fails(ok, err, "pid not registered", errors.INTERNAL)
    process.terminate(pid)
end

cases[17] = function()
    local events, registry = process.events(), process.registry
    local pid = process.spawn_monitored("app:child", HOST, "wait", process.pid())
    check.yes(registry.register("some name", pid))
    check.yes(registry.register("some name", pid))
    local ok, err = registry.register("some name")
    check.fails(ok, err, "name already registered", errors.ALREADY_EXISTS)
    check.equal(registry.lookup("some name"), pid)
    process.send("some name", "end")
    events:receive()
    ok, err = registry.lookup("some name")
    check.fails(ok, err, "name not registered", errors.NOT_FOUND)
end

cases[18] = function()
    local events = process.events()
    local pid = process.spawn_monitored("app:child", HOST, "upgrade", "upgrading")
    for i = 1, 5 do
        check.yes(process.send(pid, "listened", i))
    end
    check.yes(process.send(pid, "word", "kept"))
    local event = events:receive()
    check.equal(event.from, pid)
    local seen = event.result.value
    check.yes(seen, tostring(event.result.error))
    check.yes(seen.same and seen.named)
    check.equal(seen.traps, false)
    check.equal(seen.word, "kept")
    -- What waited in the buffer of a channel is still there, too.
    check.equal(seen.listened, "1 2 3 4 5")
end

cases[19] = function()
    local events = process.events()
    local spawner = process.with_context({}):with_name("the one")
    local first = spawner:spawn_monitored("app:child", HOST, "wait", process.pid())
    local second = spawner:with_message("end", "from the second"):spawn("app:child", HOST, "raise")
    check.equal(first, second)
    check.equal(events:receive().result.value, "from the second")
end

cases[20] = function()
    local coloured = process.with_context { colour = "green" }
    local events = process.events()
    coloured:spawn_monitored("app:child", HOST, "context")
    check.equal(events:receive().result.value, "green")
    check.equal(funcs.new():with_context({ colour = "blue" }):call("app:double", 1, "context"), "blue")
    local _, err = ctx.get("colour")
    check.equal(tostring(err), "key not found: colour")
end

cases[21] = function()
    local future = funcs.async("app:double", 21)
    local item, ok = future:response():receive()
    check.yes(ok)
    check.equal(item:data(), 42)
    item, ok = future:response():receive()
    check.yes(item == nil and ok == false)
    check.equal(future:result():data(), 42)
    check.yes(future:is_complete())
    local failing = funcs.async("app:double", 1, "raise")
    failing:response():receive()
    local err, has_failed = failing:error()
    check.yes(has_failed)
    check.contains(tostring(err), "no number")
    local slow = funcs.async("app:double", 1, "slow")
    check.yes(slow:cancel())
    check.yes(slow:is_canceled())
    local value
    value, err = slow:result()
    check.fails(value, err, "canceled", errors.CANCELED)
end

cases[22] = function()
    local counts = process.listen("count")
    local expected = { raising = 3, returning = 1, recovering = 2 }
    time.sleep("400ms")
    for name, runs in pairs(expected) do
        process.send("counter", "ask", name)
        check.equal(counts:receive(), runs, name)
    end
end

cases[25] = function()
    local inbox = process.inbox()
    check.contains(tostring(ended("coroutine_fails").error), "inside a coroutine")
    check.equal(ended("leaves_a_coroutine", process.pid()).value, "left")
    local late = time.after("50ms")
    local r = channel.select { inbox:case_receive(), late:case_receive() }
    check.yes(r.channel == late, "the coroutine went on")
end

local function main(number)
    cases[number]()
end

return { main = main }
