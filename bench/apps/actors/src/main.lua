-- One benchmark, named by the first argument, so many operations long: prints nanoseconds of wall
-- time for each operation.
local io = require("io")

local HOST = "app:processes"

-- Processes that wait. The measuring program reads how much is resident meanwhile.
local function idle(count)
    local inbox = process.inbox()
    for _ = 1, count do
        process.spawn("app:idle", HOST, process.pid())
        inbox:receive()
    end
    io.print("ready")
    io.readline()
end

local function main()
    local name, count = table.unpack(io.args())
    count = tonumber(count)
    if name == "idle" then
        idle(count)
        return 0
    end
    process.spawn_monitored("app:client", HOST, name, count)
    local result = process.events():receive().result
    if result.error then
        error(result.error)
    end
    io.print(string.format("%.1f", result.value))
    return 0
end

return { main = main }
