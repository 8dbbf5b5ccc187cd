-- Adds numbers. What it knows is lost when it is killed, so a sum comes with the number of terms.
local function main()
    local inbox = process.inbox()
    process.registry.register("store")
    local sum, terms = 0, 0
    while true do
        local message = inbox:receive()
        local request = message:payload():data()
        sum, terms = sum + request.number, terms + 1
        process.send(message:from(), "sum", { id = request.id, to = request.to, number = request.number, terms = terms })
    end
end

return { main = main }
