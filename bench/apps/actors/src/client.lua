-- One benchmark, so many operations long. An ordinary process: that of the terminal takes turns with others of its
-- host, which costs each of its turns two exchanges.
local HOST = "app:processes"
local benchmarks = {}

function benchmarks.spawn(count)
    local events = process.events()
    for _ = 1, count do
        process.spawn_monitored("app:nothing", HOST)
        events:receive()
    end
end

function benchmarks.ping_pong(count)
    local inbox = process.inbox()
    local echo = process.spawn("app:echo", HOST)
    for _ = 1, count do
        process.send(echo, "ping", true)
        inbox:receive()
    end
end

function benchmarks.request_reply(count)
    local inbox = process.inbox()
    local echo = process.spawn("app:echo", HOST)
    for i = 1, count do
        process.send(echo, "request", { id = i, name = "order", amount = 12.5 })
        inbox:receive():payload():data()
    end
end

function benchmarks.timeout_receive(count)
    local inbox = process.inbox()
    local echo = process.spawn("app:echo", HOST)
    for _ = 1, count do
        process.send(echo, "ping", true)
        local timeout = time.after("5s")
        channel.select({ inbox:case_receive(), timeout:case_receive() })
    end
end

-- So many pairs that every worker has some, and takes some from others.
function benchmarks.pairs(count)
    local inbox = process.inbox()
    local pairs = 64
    for _ = 1, pairs do
        process.spawn("app:pinger", HOST, process.pid(), count // pairs)
    end
    for _ = 1, pairs do
        inbox:receive()
    end
end

function benchmarks.ring(count)
    local inbox = process.inbox()
    local members = 100
    local next_one = process.pid()
    for _ = 1, members do
        next_one = process.spawn("app:ring", HOST, next_one)
    end
    for _ = 1, count // (members + 1) do
        process.send(next_one, "token", true)
        inbox:receive()
    end
end

function benchmarks.fan_in(count)
    local inbox = process.inbox()
    local sources = 10
    for _ = 1, sources do
        process.spawn("app:source", HOST, process.pid(), count // sources)
    end
    for _ = 1, count // sources * sources do
        inbox:receive()
    end
end

function benchmarks.fan_out(count)
    local inbox = process.inbox()
    local subscribers = {}
    local rounds = count // 1000
    for i = 1, 1000 do
        subscribers[i] = process.spawn("app:subscriber", HOST, process.pid(), rounds)
    end
    for _ = 1, rounds do
        for i = 1, #subscribers do
            process.send(subscribers[i], "news", true)
        end
    end
    for _ = 1, #subscribers do
        inbox:receive()
    end
end

function benchmarks.timers(count)
    for _ = 1, count do
        local timer = time.timer("60s")
        timer:stop()
    end
end

-- A group is made, and its root fails.
function benchmarks.collapse(count)
    local inbox = process.inbox()
    local events = process.events()
    local root = process.spawn_monitored("app:linked", HOST, process.pid(), count)
    inbox:receive()
    process.send(root, "collapse")
    events:receive()
end

local function main(name, count)
    local begun = time.now()
    benchmarks[name](count)
    return time.now():sub(begun):nanoseconds() / count
end

return { main = main }
