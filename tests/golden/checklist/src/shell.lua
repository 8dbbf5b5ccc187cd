-- What a shell sees of a program. The first argument says what to do.
local events = require("events")
local io = require("io")
local logger = require("logger")
local time = require("time")
local uuid = require("uuid")

local actions = {}

function actions.number()
    return 3
end

function actions.yes()
    return true
end

function actions.raise()
    error("x")
end

function actions.lines()
    for _ = 1, 4 do
        local line, err = io.readline()
        io.print(line or "nothing", tostring(err))
    end
end

function actions.columns()
    io.print("a", 1, 2.0)
end

function actions.log()
    logger:info("stored", { key = "k1", n = 2 })
    logger:named("part"):error("lost", { error = errors.new("gone") })
end

-- Waits for the end, and says what it heard; another process hears nothing of it.
function actions.wait(how)
    local events = process.events()
    local stubborn = how == "stubborn" and process.spawn("app:child", "app:workers", "wait", process.pid())
    io.print("waiting")
    local event = events:receive()
    io.print("heard " .. event.kind .. ": " .. event.reason)
    return stubborn and 0 or 7
end

-- Beside a process that computes for ever, with three messages in its mailbox.
function actions.busy()
    local spinning = process.listen("spinning")
    local pid = process.spawn("app:child", "app:workers", "spin", process.pid())
    spinning:receive()
    for n = 1, 3 do
        process.send(pid, "unread", n)
    end
    io.print("computing")
    process.events():receive()
end

-- The log is elsewhere, and can be read there.
function actions.hidden()
    local logs = events.subscribe("logs", "info"):channel()
    logger:info("seen on the bus", { n = 1 })
    while true do
        local event = logs:receive()
        if event.data.message == "seen on the bus" and event.data.fields.n == 1 then
            io.print(event.kind, event.path, event.data.message)
            return
        end
    end
end

-- Which of eight processes greets first is up to the scheduler, and what chance and clocks say is said too.
function actions.race()
    local greetings = process.listen("hello")
    local numbers, order = {}, {}
    for n = 1, 8 do
        numbers[process.spawn("app:child", "app:workers", "greet", process.pid())] = n
    end
    for n = 1, 8 do
        order[n] = numbers[greetings:receive()]
    end
    time.sleep("90m")
    logger:info("raced", { at = time.now():format_rfc3339(), random = math.random(1000000) })
    io.print(uuid.v4(), uuid.v7(), os.time(), os.clock())
    io.print(table.concat(order, " "))
end

local function expect(seen, expected, what)
    if seen ~= expected then
        error(what .. ": " .. tostring(seen) .. " instead of " .. tostring(expected), 2)
    end
end

-- Ten children get numbers, are told to end and are killed at random. Whatever the order: every end is
-- told once, names are free by then, no message between the living is lost or overtaken.
function actions.kills()
    local exits, replies = process.events(), process.listen("tallied")
    local children, by_pid = {}, {}
    for n = 1, 10 do
        local pid = process.spawn_monitored("app:child", "app:workers", "tally", process.pid())
        local child = { pid = pid, name = "child " .. n, sent = 0, replied = 0 }
        process.registry.register(child.name, pid)
        children[n], by_pid[pid] = child, child
    end
    local function finish(child)
        if process.send(child.pid, "end") and not child.closing then
            child.closing = child.sent
        end
    end
    for _ = 1, 100 do
        local child, what = children[math.random(10)], math.random(10)
        if what <= 7 then
            if process.send(child.name, "count", child.sent + 1) then
                child.sent = child.sent + 1
            else
                expect(child.closing ~= nil or child.killed, true, "a refused send means an end")
            end
        elseif what == 8 then
            finish(child)
        elseif what == 9 then
            child.killed = process.terminate(child.pid) or child.killed
        else
            time.sleep("1ms")
        end
    end
    for _, child in ipairs(children) do
        finish(child)
    end
    local told = {}
    for _ = 1, 10 do
        local event = exits:receive()
        local child = by_pid[event.from]
        expect(told[event.from], nil, "EXIT before")
        told[event.from] = true
        expect(process.registry.lookup(child.name), nil, "the name")
        if not child.killed then
            expect(event.result.value, child.closing, "what it counted")
        end
    end
    time.sleep("1s")
    while true do
        local r = channel.select { replies:case_receive(), default = true }
        if r.default then
            break
        end
        local child = by_pid[r.value.pid]
        child.replied = child.replied + 1
        expect(r.value.n, child.replied, "the order of answers")
    end
    for _, child in ipairs(children) do
        if not child.killed then
            expect(child.replied, child.closing, "answers")
        end
    end
    expect(channel.select({ exits:case_receive(), default = true }).default, true, "no second EXIT")
    io.print("holds")
end

function actions.sleep()
    time.sleep("1h")
    io.print("slept")
end

local function main(action, ...)
    return actions[action](...)
end

return { main = main }
