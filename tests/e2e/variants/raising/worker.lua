local time = require("time")

local function main(sender_pid, data)
    time.sleep("100ms")

    if data == "boom" then
        error("the worker was told to fail")
    end

    local response = {
        data = string.upper(data),
        worker = process.pid()
    }

    process.send(sender_pid, "echo_response", response)

    return 0
end

return { main = main }
