local io = require("io")
local time = require("time")

-- Tasks of one process take turns where they wait, and share their variables.
local function main()
    local log = {}
    local done = channel.new(2)

    local function task(name, wait)
        for i = 1, 3 do
            log[#log + 1] = name .. i
            time.sleep(wait)
        end
        done:send(name)
    end

    coroutine.spawn(function() task("a", "20ms") end)
    coroutine.spawn(function() task("b", "50ms") end)
    log[#log + 1] = "main"

    local first, second = done:receive(), done:receive()
    io.print(table.concat(log, " "))
    io.print(first, second)

    local passed = channel.new()
    coroutine.spawn(function(...) passed:send(select("#", ...)) end)
    io.print("arguments", (passed:receive()))
end

return { main = main }
