local time = require("time")

local function main(parent)
    coroutine.spawn(function()
        time.sleep("10ms")
        process.send(parent, "too late")
    end)
    coroutine.spawn(function()
        channel.new():receive()
        process.send(parent, "never")
    end)
    process.send(parent, "left")
end

return { main = main }
