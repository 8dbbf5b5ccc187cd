-- More hashes of large texts than there are workers: a timer does not wait for one of them to end.

local io = require("io")
local process = require("process")
local time = require("time")

local HASHERS <const> = 8

local function main()
    local ready = process.listen("ready")
    local done = process.listen("done")
    local hashers = {}
    for i = 1, HASHERS do
        hashers[i] = process.spawn("app:hasher", "app:processes", process.pid())
    end
    for _ = 1, HASHERS do
        ready:receive()
    end
    for _, hasher in ipairs(hashers) do
        process.send(hasher, "go", true)
    end
    time.sleep("5ms")
    local first = channel.select({ done:case_receive(), default = true })
    io.print("a hash has ended:", not first.default)
    for _ = 1, HASHERS do
        done:receive()
    end
    io.print("all have ended")
    return 0
end

return { main = main }
