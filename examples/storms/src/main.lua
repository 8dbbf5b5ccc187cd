-- Storms: much at once, and at the end the counts must balance. Each prints one line; a count that
-- does not balance is an error.
local io = require("io")
local time = require("time")

local HOST = "app:processes"
local storms = {}

local function check(condition, text, ...)
    if not condition then
        error(string.format(text, ...), 0)
    end
end

-- Processes that end at once, a thousand at a time: every end is told once, with the right value.
function storms.spawns(count)
    local events = process.events()
    local total, expected, outstanding, wanted = 0, 0, 0, {}
    for number = 1, count do
        local pid = process.spawn_monitored("app:leaf", HOST, number)
        wanted[pid], outstanding = number * 2 + 1, outstanding + 1
        expected = expected + number * 2 + 1
        while outstanding >= 1000 or number == count and outstanding > 0 do
            local event = events:receive()
            check(event.result.value == wanted[event.from], "%s ended with %s", event.from, event.result.value)
            wanted[event.from] = nil
            total, outstanding = total + event.result.value, outstanding - 1
        end
    end
    check(total == expected and next(wanted) == nil, "values: %d of %d", total, expected)
    return count .. " processes came and went"
end

-- Processes that use up the stack of their worker, one after the other.
function storms.recursions(count)
    local events = process.events()
    for n = 1, count do
        process.spawn_monitored("app:endless", HOST)
        local reason = tostring(events:receive().result.error)
        check(reason:find("stack overflow"), "recursion %d ended: %s", n, reason)
    end
    return count .. " processes used up their stack"
end

-- A group of linked processes, whose root fails: all of them end, each watched and told once.
function storms.collapse(count)
    local events, inbox = process.events(), process.inbox()
    local root = process.spawn_monitored("app:linked", HOST, process.pid(), count)
    local seen, members = {}, 0
    repeat
        local message = inbox:receive()
        if message:topic() == "member" then
            seen[message:from()] = "alive"
            check(process.monitor(message:from()), "a member cannot be watched")
            members = members + 1
        end
    until members == count
    process.send(root, "collapse")
    for _ = 1, count + 1 do
        local event = events:receive()
        check(event.kind == process.event.EXIT, "a %s came", event.kind)
        local reason = tostring(event.result.error)
        if event.from == root then
            check(reason:find("collapse"), "the root ended: %s", reason)
        else
            check(seen[event.from] == "alive", "%s ended twice", event.from)
            check(reason == "linked process failed", "a member ended: %s", reason)
            seen[event.from] = "gone"
        end
    end
    for pid, state in pairs(seen) do
        check(state == "gone", "%s is left", pid)
    end
    return count .. " linked processes collapsed"
end

-- A service that fails as soon as it is there: started again each time, with its name.
function storms.restarts(count)
    local inbox, last = process.inbox(), nil
    process.registry.register("storm")
    -- The first one was there before the storm; it tells nobody.
    while not process.registry.lookup("fragile") do
        time.sleep("1ms")
    end
    process.send("fragile", "fail")
    for n = 1, count do
        local message = inbox:receive()
        local pid = message:from()
        check(message:topic() == "up" and pid ~= last, "start %d", n)
        check(process.registry.lookup("fragile") == pid, "start %d: the name is somebody else's", n)
        last = pid
        process.send(pid, "fail")
    end
    inbox:receive()
    process.registry.unregister("storm")
    return count .. " restarts"
end

-- Workers that answer, and are killed at random: each request is answered or its worker's end is seen,
-- answers of a worker come in order, and nothing comes of a worker whose end has been seen.
function storms.kills(count)
    local events, inbox = process.events(), process.inbox()
    local workers, state, killed, answered, lost = {}, {}, 0, 0, 0
    local function start(n)
        local pid = process.spawn_monitored("app:worker", HOST)
        workers[n], state[pid] = pid, { place = n, sent = 0, answered = 0 }
    end
    local function finish(event)
        local own = state[event.from]
        check(own, "%s ended twice", event.from)
        check(tostring(event.result.error) == "process terminated", "ended: %s", event.result.error)
        state[event.from] = nil
        lost = lost + own.sent - own.answered
        start(own.place)
    end
    local function note(message)
        local own, number = state[message:from()], message:payload():data()
        -- An answer that was under way when its worker was killed counts as lost.
        if own then
            check(number == own.answered + 1, "answer %d instead of %d", number, own.answered + 1)
            own.answered, answered = number, answered + 1
        end
    end
    for n = 1, 100 do
        start(n)
    end
    local sent = 0
    while killed < count do
        local pid = workers[math.random(#workers)]
        local own = state[pid]
        if math.random(10) == 1 then
            if process.terminate(pid) then
                killed = killed + 1
            end
            workers[own.place] = nil
            -- Its place is filled when its end is seen.
            while not workers[own.place] do
                finish(events:receive())
            end
        else
            own.sent, sent = own.sent + 1, sent + 1
            process.send(pid, "request", own.sent)
            local result = channel.select({ inbox:case_receive(), default = true })
            if result.channel then
                note(result.value)
            end
        end
    end
    while answered + lost < sent do
        local result = channel.select({ inbox:case_receive(), events:case_receive() })
        if result.channel == inbox then
            note(result.value)
        else
            finish(result.value)
        end
    end
    check(answered + lost == sent, "%d sent, %d answered, %d lost", sent, answered, lost)
    for _, pid in ipairs(workers) do
        process.terminate(pid)
        events:receive()
    end
    return string.format("%d killed, every request answered or known to be lost", count)
end

-- The tree under fire: its services and workers are killed at random while requests go through it.
-- What is not answered is asked again, so in the end all of them are; and the tree stands.
function storms.tree(count)
    local events, inbox = process.events(), process.inbox()
    local done = process.listen("done")
    local watched, kills, ends = {}, 0, 0
    local function named(name)
        while true do
            local pid = process.registry.lookup(name)
            if pid then
                return pid
            end
            time.sleep("1ms")
        end
    end
    local function kill(pid)
        if pid and not watched[pid] and process.monitor(pid) then
            watched[pid], kills = true, kills + 1
            process.terminate(pid)
        end
    end
    local function strike()
        local choice = math.random(4)
        if choice == 1 then
            kill(named("store"))
        elseif choice == 2 then
            kill(named("gate"))
        else
            process.send(named("gate"), "victim", math.random(3))
            local timeout = time.after("50ms")
            local result = channel.select({ inbox:case_receive(), timeout:case_receive() })
            if result.channel == inbox then
                kill(result.value:payload():data())
            end
        end
    end
    for id = 1, count do
        if math.random(3) == 1 then
            strike()
        end
        local is_done = false
        repeat
            process.send(named("gate"), "add", { id = id, number = id * 7, to = process.pid() })
            local timeout = time.after("50ms")
            repeat
                local result = channel.select({ done:case_receive(), timeout:case_receive() })
                local answer = result.channel == done and result.value
                if answer then
                    check(answer.id <= id and answer.number == answer.id * 7, "a wrong answer: %d", answer.id)
                    is_done = is_done or answer.id == id
                end
            until is_done or not answer
        until is_done
    end
    -- Every killed process's end is told, once.
    while ends < kills do
        local event = events:receive()
        check(watched[event.from] == true, "%s ended twice", event.from)
        watched[event.from], ends = "told", ends + 1
    end
    time.sleep("200ms")
    check(named("store") and named("gate"), "the tree does not stand")
    local late = channel.select({ events:case_receive(), default = true })
    check(not late.channel, "an end was told twice")
    return string.format("%d requests answered under fire", count)
end

local function main(name, count, times)
    local storm = storms[name or ""]
    if not storm then
        io.print("storm spawns|recursions|collapse|restarts|kills|tree COUNT [TIMES]")
        return 2
    end
    for _ = 1, tonumber(times) or 1 do
        local begun = time.now()
        local text = storm(tonumber(count) or 1000)
        io.print(text)
        io.eprint(string.format("%.3f s", time.now():sub(begun):seconds()))
        if times then
            -- Whoever measures looks now, and says when to go on.
            io.readline()
        end
    end
    return 0
end

return { main = main }
