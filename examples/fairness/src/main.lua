-- Starts processes that never stop computing, and says how late the others are because of them:
-- timers, and answers of another process.
local io = require("io")
local time = require("time")

local function report(name, delays)
    table.sort(delays)
    local function at(share)
        return delays[math.max(1, math.ceil(#delays * share))] / 1e6
    end
    io.print(string.format("%-10s median %7.3f ms   99%% %7.3f ms   worst %7.3f ms", name, at(0.5), at(0.99), at(1)))
end

local function since(begun)
    return time.now():sub(begun):nanoseconds()
end

local function main(busy, rounds)
    busy, rounds = tonumber(busy) or 2, tonumber(rounds) or 400
    local pids = {}
    for n = 1, busy do
        pids[n] = process.spawn("app:busy", "app:processes")
    end
    local answers = process.listen("answer")
    local echo = process.spawn("app:echo", "app:processes")

    local timers, replies = {}, {}
    for round = 1, rounds do
        local begun = time.now()
        time.sleep("5ms")
        timers[round] = since(begun) - 5 * time.MILLISECOND
        begun = time.now()
        process.send(echo, "ask", round)
        answers:receive()
        replies[round] = since(begun)
    end
    io.print(busy .. " busy processes")
    report("timers", timers)
    report("answers", replies)

    -- Busy as they are, they can be ended.
    local events, begun = process.events(), time.now()
    for _, pid in ipairs(pids) do
        process.monitor(pid)
        process.terminate(pid)
    end
    for _ = 1, busy do
        events:receive()
    end
    io.print(string.format("all ended after %.3f ms", since(begun) / 1e6))
end

return { main = main }
