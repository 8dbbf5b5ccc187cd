-- What the cases start. The first argument says what to do.
local ctx = require("ctx")
local time = require("time")

local actions = {}

actions["return"] = function(value)
    return value
end

function actions.returns_text()
    return nil, "bad"
end

function actions.returns_error()
    return nil, errors.new { message = "m", kind = errors.NOT_FOUND }
end

function actions.raise()
    error("bad")
end

-- Ends when it is told so; a CANCEL is answered, and not obeyed.
function actions.wait(parent)
    local inbox, events = process.inbox(), process.events()
    while true do
        local r = channel.select { inbox:case_receive(), events:case_receive() }
        if r.channel == inbox then
            return r.value:payload() and r.value:payload():data()
        end
        process.send(parent, "event", { kind = r.value.kind, from = r.value.from, reason = r.value.reason })
    end
end

-- Never looks into its mailbox, and never ends by itself.
function actions.spin(parent)
    process.registry.register("spinner")
    process.send(parent, "spinning")
    while true do end
end

function actions.greet(parent)
    process.send(parent, "hello", process.pid())
end

-- Reads ten messages, after all of them were sent.
function actions.collect(how)
    time.sleep("20ms")
    local source = how == "inbox" and process.inbox() or process.listen("letter")
    local text = ""
    for _ = 1, 10 do
        local item = source:receive()
        text = text .. (how == "inbox" and item:payload():data() or item)
    end
    return text
end

function actions.inspect()
    time.sleep("10ms")
    local t = process.listen("thing"):receive()
    return table.concat({
        tostring(t.own == t), tostring(t.a == t.b), tostring(t.x), math.type(t.i), math.type(t.f), tostring(t.n)
    }, " ")
end

function actions.types()
    local t = process.listen("thing"):receive()
    return table.concat({ type(t.channel), type(t.time), type(t.error), t.error:kind(), tostring(t.error) }, " ")
end

-- Starts a linked child, and tells what came of it.
function actions.link(trap, how)
    local events = process.events()
    process.set_options { trap_links = trap }
    process.spawn_linked("app:child", "app:workers", how)
    local late = time.after("100ms")
    local r = channel.select { events:case_receive(), late:case_receive() }
    if r.channel == late then
        return "nothing came"
    end
    return r.value.kind .. " " .. tostring(r.value.result.error)
end

function actions.upgrade(name)
    process.registry.register(name)
    process.set_options { trap_links = true }
    local listened = process.listen("listened")
    local seen = listened:receive()
    -- By now others of its kind wait, one of them in the channel's buffer.
    time.sleep("20ms")
    process.upgrade(nil, "upgraded", name, process.pid(), seen)
end

function actions.upgraded(name, before, seen)
    local inbox = process.inbox()
    local numbers, listened = { seen }, process.listen("listened")
    local message = inbox:receive()
    for i = 2, 5 do
        numbers[i] = listened:receive()
    end
    return {
        listened = table.concat(numbers, " "),
        same = process.pid() == before,
        named = process.registry.lookup(name) == before,
        traps = process.get_options().trap_links,
        word = message:payload():data()
    }
end

-- Answers every number it is sent, and counts them until it is told to end.
function actions.tally(parent)
    local inbox, count = process.inbox(), 0
    while true do
        local message = inbox:receive()
        if message:topic() == "end" then
            return count
        end
        count = count + 1
        process.send(parent, "tallied", { pid = process.pid(), n = message:payload():data() })
    end
end

function actions.context()
    return (ctx.get("colour"))
end

function actions.coroutine_fails()
    coroutine.spawn(function()
        error("inside a coroutine")
    end)
    time.sleep("10s")
end

-- The coroutine would send something a little later, but main returns.
function actions.leaves_a_coroutine(parent)
    coroutine.spawn(function()
        time.sleep("20ms")
        process.send(parent, "too late")
    end)
    time.sleep("1ms")
    return "left"
end

local function main(action, ...)
    return actions[action](...)
end

return { main = main }
