-- Asks for names and shows what the greeter says.
local io = require("io")
local time = require("time")

local function greet(inbox, name)
    local _, err = process.send("greeter", "greet", { from = process.pid(), name = name })
    if err then
        return "nobody is there to greet"
    end
    local timeout = time.after("2s")
    local result = channel.select {
        inbox:case_receive(),
        timeout:case_receive()
    }
    if result.channel == timeout then
        return "the greeter does not answer"
    end
    return result.value:payload():data()
end

local function main()
    local inbox = process.inbox()
    -- The service starts at the same time; give it a moment.
    time.sleep("50ms")
    while true do
        io.write("Your name? ")
        local name = io.readline()
        if not name or name == "" then
            break
        end
        io.print(greet(inbox, name))
    end
    io.print("Bye.")
    return 0
end

return { main = main }
