local io = require("io")
local time = require("time")
local text = require("text")

local function main()
    time.sleep("1s")
    io.print(text.pad("x"))
end

return { main = main }
