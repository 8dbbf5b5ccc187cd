local hash = require("hash")
local process = require("process")

local function main(boss)
    local text = string.rep("x", 50000000)
    process.send(boss, "ready", true)
    process.inbox():receive()
    hash.sha512(text)
    process.send(boss, "done", true)
end

return { main = main }
