-- The function that cases call. The first argument says what to do.
local ctx = require("ctx")
local funcs = require("funcs")
local time = require("time")

local actions, calls = {}, 0

actions["return"] = function(...)
    return ...
end

function actions.raise(value)
    error(value)
end

function actions.returns_error(fields)
    return nil, errors.new(fields)
end

function actions.context(key)
    local value = ctx.get(key)
    return value
end

function actions.pid()
    return process.pid()
end

function actions.id()
    return process.id()
end

function actions.count()
    calls = calls + 1
    return calls
end

function actions.upgrade(...)
    process.upgrade(...)
    return "not reached"
end

function actions.trap()
    local before = process.get_options().trap_links
    process.set_options { trap_links = true }
    return before
end

function actions.linked()
    process.spawn_linked("app:child", "app:workers", "raise", "x")
    time.sleep("1h")
end

-- Receives, monitors, names itself: all that a process can.
function actions.lives(parent)
    local inbox, events = process.inbox(), process.events()
    process.registry.register("a function")
    process.send(parent, "pid", process.pid())
    local word = inbox:receive():payload():data()
    local pid = process.spawn_monitored("app:child", "app:workers", "return", word)
    local event = events:receive()
    return { word = word, same = event.from == pid, value = event.result.value,
        named = process.registry.lookup("a function") == process.pid() }
end

function actions.slow(duration)
    time.sleep(duration)
    return "slept"
end

-- Fails until it was called often enough.
function actions.flaky(name, good, kind)
    calls = calls + 1
    local seen = process.registry.lookup(name)
    process.send(seen, "attempt", calls)
    if calls < good then
        return nil, errors.new { message = "not yet", kind = kind }
    end
    calls = 0
    return "at last"
end

function actions.nested()
    return (funcs.call("app:work", "return", "inner"))
end

local function run(action, ...)
    return actions[action](...)
end

return { run = run }
