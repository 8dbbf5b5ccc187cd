-- Passes requests to one of its workers, which are linked to it, and starts another when one ends.
-- A request goes gate, worker, store; the answer goes straight to who asked.
local WORKERS = 3

local function worker()
    local inbox = process.inbox()
    while true do
        local message = inbox:receive()
        local data = message:payload():data()
        if message:topic() == "sum" then
            process.send(data.to, "done", { id = data.id, number = data.number })
        elseif process.registry.lookup("store") then
            process.send("store", "add", data)
        end
    end
end

local function main(role)
    if role == "worker" then
        return worker()
    end
    process.set_options({ trap_links = true })
    local inbox, events = process.inbox(), process.events()
    process.registry.register("gate")
    local workers = {}
    local function start(n)
        workers[n] = process.spawn_linked("app:gate", "app:processes", "worker")
    end
    for n = 1, WORKERS do
        start(n)
    end
    local turn = 0
    while true do
        local result = channel.select({ inbox:case_receive(), events:case_receive() })
        if result.channel == events then
            for n = 1, WORKERS do
                if workers[n] == result.value.from then
                    start(n)
                end
            end
        else
            local message = result.value
            if message:topic() == "victim" then
                -- Whom to kill, for the storm.
                process.send(message:from(), "victim", workers[message:payload():data()])
            else
                turn = turn % WORKERS + 1
                process.send(workers[turn], "add", message:payload():data())
            end
        end
    end
end

return { main = main }
