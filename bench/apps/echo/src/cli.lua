-- The echo service's client without a person: as many round trips as the first line of input says.
local io = require("io")

local function main()
    local inbox = process.inbox()
    local count = tonumber(io.readline())

    -- The relay starts at the same time; ask until it answers.
    while process.registry.lookup("relay") == nil do
        time.sleep("1ms")
    end

    io.print("begin")
    for i = 1, count do
        process.send("relay", "echo", { sender = process.pid(), data = "hello" })
        local msg = inbox:receive()
        local resp = msg:payload():data()
        if resp.data ~= "HELLO" then
            error("wrong answer: " .. tostring(resp.data))
        end
    end
    io.print("end")
    return 0
end

return { main = main }
