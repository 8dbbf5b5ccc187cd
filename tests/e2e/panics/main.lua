local io = require("io")

local places = {
    "plain", "nested", "callback", "protected", "after a wait", "in a wait", "in a tail call", "in a method",
    "in a coroutine", "in a coroutine that waits", "in a task", "beside tasks", "closing",
}
local ROUNDS = 30

local function next_exit(events)
    while true do
        local event = events:receive()
        if event.kind == process.event.EXIT then
            return event
        end
    end
end

local function main()
    local inbox, events = process.inbox(), process.events()
    for _, place in ipairs(places) do
        local ends, last = 0, nil
        for _ = 1, ROUNDS do
            process.spawn_monitored("app:worker", "app:processes", process.pid(), place)
        end
        for _ = 1, ROUNDS do
            last = tostring(next_exit(events).result.error)
            ends = ends + 1
        end
        io.print(place, ends, last)
    end

    -- The threads they ran on still free, count and wait as they should.
    local total = 0
    for i = 1, 200 do
        process.spawn("app:worker", "app:processes", process.pid(), "fine", i)
    end
    for _ = 1, 200 do
        total = total + inbox:receive():payload():data()
    end
    io.print("fine", total)
end

return { main = main }
