-- Answers every message on the topic "greet" with a greeting that counts.
local function main()
    process.registry.register("greeter")
    local inbox = process.inbox()
    local count = 0
    while true do
        local message = inbox:receive()
        if message:topic() == "greet" then
            count = count + 1
            local request = message:payload():data()
            process.send(request.from, "greeting", "Hello " .. request.name .. ", you are number " .. count)
        end
    end
end

return { main = main }
