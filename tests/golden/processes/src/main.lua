local io = require("io")
local time = require("time")

-- Waits for the next event of a kind that is wanted.
local function next_event(events, kind)
    while true do
        local event = events:receive()
        if event.kind == kind then
            return event
        end
    end
end

local function main()
    local inbox, events = process.inbox(), process.events()

    local pid, err = process.spawn_monitored("app:doubler", "app:processes", process.pid(), 21)
    io.print("spawned", type(pid), tostring(err))
    local message = inbox:receive()
    io.print(message:topic(), message:from() == pid, message:payload():data().answer)
    local exit = next_event(events, process.event.EXIT)
    io.print("exit", exit.from == pid, exit.result.value.n, exit.result.value.list[2], tostring(exit.result.error))

    local failing = process.spawn_monitored("app:doubler", "app:processes", process.pid(), "no number")
    exit = next_event(events, process.event.EXIT)
    io.print("failed", exit.from == failing, tostring(exit.result.value), exit.result.error)

    io.print("nobody", process.send("no such name", "topic", 1))
    io.print("no entry", process.spawn("app:nothing", "app:processes"))

    -- By name; the name goes when its owner goes.
    process.spawn_monitored("app:named", "app:processes")
    while not process.registry.lookup("keeper") do
        time.sleep("1ms")
    end
    io.print("named", process.send("keeper", "stop"))
    next_event(events, process.event.EXIT)
    io.print("gone", process.registry.lookup("keeper"))

    -- What was sent is a copy.
    local mine = { 1, 2, { deep = true } }
    process.send(process.pid(), "copy", mine)
    mine[1] = "changed"
    mine[3].deep = false
    local copy = inbox:receive():payload():data()
    io.print("copy", copy[1], copy[2], copy[3].deep)

    -- A thousand at once.
    local total = 0
    for i = 1, 1000 do
        process.spawn("app:doubler", "app:processes", process.pid(), i)
    end
    for _ = 1, 1000 do
        total = total + inbox:receive():payload():data().answer
    end
    io.print("total", total)
end

return { main = main }
