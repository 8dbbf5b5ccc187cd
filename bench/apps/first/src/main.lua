-- Says something as the very first thing.
local io = require("io")

local function main()
    io.print("here")
end

return { main = main }
