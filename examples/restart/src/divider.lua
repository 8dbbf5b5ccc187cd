-- Divides, and does not care what it is sent: what goes wrong ends it, and its service starts it anew.
local function main()
    process.registry.register("divider")
    local inbox = process.inbox()
    while true do
        local request = inbox:receive():payload():data()
        process.send(request.from, "quotient", request.a // request.b)
    end
end

return { main = main }
