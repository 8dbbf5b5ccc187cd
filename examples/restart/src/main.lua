-- Asks for quotients; one of them cannot be answered.
local io = require("io")
local time = require("time")

-- Waits until the divider is there (again).
local function divider()
    while true do
        local pid = process.registry.lookup("divider")
        if pid then
            return pid
        end
        time.sleep("5ms")
    end
end

local function ask(inbox, a, b)
    process.send(divider(), "divide", { from = process.pid(), a = a, b = b })
    local timeout = time.after("200ms")
    local result = channel.select {
        inbox:case_receive(),
        timeout:case_receive()
    }
    if result.channel == timeout then
        return "no answer"
    end
    return tostring(result.value:payload():data())
end

local function main()
    local inbox = process.inbox()
    local before = divider()
    io.print("7 // 2 = " .. ask(inbox, 7, 2))
    io.print("1 // 0 = " .. ask(inbox, 1, 0))
    io.print("9 // 3 = " .. ask(inbox, 9, 3))
    io.print("the same process: " .. tostring(before == divider()))
end

return { main = main }
