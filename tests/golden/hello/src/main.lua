local io = require("io")

local function main()
    io.print("Hello", "world")
end

return { main = main }
