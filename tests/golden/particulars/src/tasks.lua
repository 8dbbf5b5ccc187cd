-- Coroutines, channels, select.
local see = require("see")
local time = require("time")

local function coroutines()
    see.raises("spawn(1)", "bad argument #1 to 'spawn' (function expected, got number)", function() coroutine.spawn(1) end)
    local thread = coroutine.spawn(function() end)
    see.equal("spawn", type(thread), "thread")
    see.equal("status", coroutine.status(thread), "dead")
    local running, is_main = coroutine.running()
    see.equal("running", type(running), "thread")
    see.equal("is_main", type(is_main) == "boolean" or is_main == nil, true)
    see.equal("the same", coroutine.running(), running)
    local inside
    local spawned = coroutine.spawn(function()
        inside = coroutine.running()
    end)
    see.equal("running in a task", type(inside), "thread")
    see.equal("which is what spawn gave", inside, spawned)
    see.equal("another than main's", inside ~= running, true)
    see.equal("status of main", coroutine.status(running), "running")
    see.results("resume oneself", { false, "cannot resume non-suspended coroutine" }, coroutine.resume(running))
    local co = coroutine.create(function() end)
    coroutine.resume(co)
    see.results("dead", { false, "cannot resume dead coroutine" }, coroutine.resume(co))
    co = coroutine.create(function()
        return coroutine.status(running), coroutine.running()
    end)
    local ok, status, own = coroutine.resume(co)
    see.equal("normal", status, "normal")
    see.equal("own", own, co)
    local order = {}
    coroutine.spawn(function()
        order[#order + 1] = "other"
        coroutine.yield("ignored")
        order[#order + 1] = "other again"
    end)
    see.results("yield of a task", {}, coroutine.yield(1, 2))
    order[#order + 1] = "main"
    see.equal("order", table.concat(order, ", "), "other, other again, main")
    -- A sleep inside a user coroutine suspends the task.
    co = coroutine.wrap(function()
        time.sleep("1ms")
        local c = channel.new()
        coroutine.spawn(function()
            c:send("from a task")
        end)
        coroutine.yield((c:receive()))
        return "end"
    end)
    see.equal("blocking inside", co(), "from a task")
    see.equal("then", co(), "end")
    local sleeper = coroutine.create(function()
        time.sleep("10ms")
    end)
    local resumed
    coroutine.spawn(function()
        coroutine.resume(sleeper)
        resumed = true
    end)
    see.equal("its status", coroutine.status(sleeper), "running")
    see.results("resume it", { false, "cannot resume non-suspended coroutine" }, coroutine.resume(sleeper))
    time.sleep("20ms")
    see.equal("over", resumed, true)
    local text = "attempt to yield across a C-call boundary"
    see.raises("sort", text, table.sort, { 2, 1 }, function(a, b)
        time.sleep("1ms")
        return a < b
    end)
    see.raises("gsub", text, string.gsub, "a", "a", function()
        time.sleep("1ms")
    end)
    see.raises("tostring", text, tostring, setmetatable({}, { __tostring = function()
        time.sleep("1ms")
        return "x"
    end }))
    local meta = setmetatable({}, { __index = function(_, key)
        time.sleep("1ms")
        return key
    end })
    see.equal("__index", meta.key, "key")
    for value in function(_, last)
        time.sleep("1ms")
        return not last and 1 or nil
    end do
        see.equal("iterator", value, 1)
    end
    see.results("pcall", { true, 1 }, pcall(function()
        time.sleep("1ms")
        return 1
    end))
end

local function channels()
    see.raises("new('x')", "bad argument #1 to 'new' (number expected, got string)", channel.new, "x")
    see.raises("new({})", "bad argument #1 to 'new' (number expected, got table)", channel.new, {})
    local c = channel.new(1.9)
    see.equal("type", type(c), "userdata")
    see.equal("text", string.match(tostring(c), "^userdata") ~= nil, true)
    see.results("send", { true }, c:send(1))
    see.equal("full", channel.select({ c:case_send(2), default = true }).default, true)
    see.results("receive", { 1, true, n = 2 }, c:receive())
    see.equal("negative", channel.select({ channel.new(-1):case_send(2), default = true }).default, true)
    see.equal("nothing else", c.len == nil and c.cap == nil and c.try_send == nil, true)
    local receive, send, close = c.receive, c.send, c.close
    see.raises("receiver", "bad argument #1 to 'receive' (channel expected)", receive, 1)
    see.raises("sender", "bad argument #1 to 'send' (channel expected)", send, {})
    see.raises("closer", "bad argument #1 to 'close' (channel expected)", close, nil)
    see.results("nothing sent", { true }, c:send())
    see.results("nil", { nil, true, n = 2 }, c:receive())
    c:send("kept")
    see.results("close", {}, c:close())
    see.results("close again", {}, c:close())
    see.raises("send on closed", "send on closed channel", send, c, 1)
    see.results("buffered", { "kept", true, n = 2 }, c:receive())
    see.results("drained", { nil, false, n = 2 }, c:receive())
    -- Who is blocked when it closes.
    c = channel.new()
    local results = channel.new(5)
    coroutine.spawn(function()
        local value, err = c:send(1)
        results:send({ value, err })
    end)
    coroutine.spawn(function()
        local value, err = channel.select { c:case_send(1) }
        results:send({ value, err })
    end)
    c:close()
    for _, what in ipairs { "sender", "select" } do
        local result = results:receive()
        see.equal(what, result[1], nil)
        see.error(what, result[2], "", "send on closed channel")
    end
    c = channel.new()
    coroutine.spawn(function()
        results:send({ c:receive() })
    end)
    coroutine.spawn(function()
        results:send(channel.select { c:case_receive() })
    end)
    c:close()
    local result = results:receive()
    see.equal("receiver", result[1] == nil and result[2], false)
    result = results:receive()
    see.equal("select of it", result.channel == c and result.value == nil and result.ok, false)
    -- The value of a blocked sender comes last.
    c = channel.new(2)
    c:send(1)
    c:send(2)
    coroutine.spawn(function()
        c:send(3)
    end)
    see.results("order", { 1, 2, 3 }, (c:receive()), (c:receive()), (c:receive()))
    -- Close: senders, receivers, the closer.
    local order = {}
    c = channel.new()
    for n = 1, 2 do
        coroutine.spawn(function()
            c:receive()
            order[#order + 1] = "r" .. n
        end)
    end
    c:close()
    order[#order + 1] = "closer"
    see.equal("close order", table.concat(order, " "), "r1 r2 closer")
    order = {}
    c = channel.new()
    coroutine.spawn(function()
        c:send(1)
        order[#order + 1] = "sender"
    end)
    c:receive()
    order[#order + 1] = "receiver"
    time.sleep("1ms")
    see.equal("receive order", table.concat(order, " "), "receiver sender")
    order = {}
    c = channel.new(1)
    c:send(0)
    coroutine.spawn(function()
        c:send(1)
        order[#order + 1] = "sender"
    end)
    c:receive()
    order[#order + 1] = "receiver"
    time.sleep("1ms")
    see.equal("full buffer order", table.concat(order, " "), "receiver sender")
end

local function selects()
    see.raises("select()", "bad argument #1 to 'select' (table expected, got no value)", channel.select)
    see.raises("select(1)", "bad argument #1 to 'select' (table expected, got number)", channel.select, 1)
    see.raises("flag", "bad argument #2 to 'select' (boolean expected, got number)", channel.select, {}, 1)
    local r = channel.select({}, true)
    see.results("default", { nil, nil, true, true, n = 4 }, r.channel, r.value, r.ok, r.default)
    local c = channel.new(1)
    r = channel.select({ c, nil, 1, "x", default = true })
    see.equal("no cases", r.default, true)
    local case = c:case_send("v")
    r = channel.select { case }
    see.results("sent", { c, "v", true, nil, n = 4 }, r.channel, r.value, r.ok, r.default)
    see.equal("case", type(case), "userdata")
    r = channel.select { c:case_receive() }
    see.results("received", { c, "v", true, nil, n = 4 }, r.channel, r.value, r.ok, r.default)
    see.equal("default = 1 is none", channel.select({ c:case_send(1), default = 1 }).channel, c)
    c:receive()
    -- A select is never paired with itself.
    local u = channel.new()
    r = channel.select { u:case_send(1), u:case_receive(), default = true }
    see.equal("not with itself", r.default, true)
    coroutine.spawn(function()
        time.sleep("1ms")
        u:send("other")
    end)
    r = channel.select { u:case_send(1), u:case_receive() }
    see.equal("with another", r.value, "other")
    c:close()
    r = channel.select { c:case_receive(), default = true }
    see.results("closed", { c, nil, false, nil, n = 4 }, r.channel, r.value, r.ok, r.default)
    r = channel.select { c:case_send(1), default = true }
    see.equal("closed send", r.default, true)
    local after = time.after("2ms")
    r = channel.select { c:case_send(1), after:case_receive() }
    see.equal("never chosen", r.channel, after)
    -- Table order.
    local a, b = channel.new(1), channel.new(1)
    a:send("a")
    b:send("b")
    see.equal("first", channel.select({ b:case_receive(), a:case_receive() }).value, "b")
end

local function modules()
    see.equal("process", require("process"), process)
    see.equal("channel", require("channel"), channel)
    see.equal("errors", require("errors"), errors)
    see.equal("os", require("os"), os)
    see.equal("payload", require("payload"), payload)
    see.equal("tables", type(process) .. type(channel) .. type(errors) .. type(os) .. type(payload), string.rep("table", 5))
    see.equal("print", type(print), "function")
    see.equal("subscribe", type(subscribe), "function")
    see.equal("unsubscribe", type(unsubscribe), "function")
    see.equal("read-only", pcall(function()
        process.other = 1
    end), false)
    see.equal("less of os", os.exit == nil and os.getenv == nil and os.execute == nil and os.remove == nil, true)
    see.equal("and of it", os.rename == nil and os.tmpname == nil and os.setlocale == nil, true)
    see.equal("platform", os.platform, "wippy")
end

local function main()
    coroutines()
    channels()
    selects()
    modules()
    return see.done()
end

return { main = main }
