-- Counts the runs of the other services, and answers how many there were.
local function main()
    local inbox = process.inbox()
    process.registry.register("counter")
    local runs = {}
    while true do
        local message = inbox:receive()
        local name = message:payload():data()
        if message:topic() == "run" then
            runs[name] = (runs[name] or 0) + 1
        else
            process.send(message:from(), "count", runs[name] or 0)
        end
    end
end

return { main = main }
