local io = require("io")
local shapes = require("shapes")

local function main()
    io.print(shapes.new("square", 4):describe())
    io.print(shapes.new("circle", 3):describe())
    -- An import is a global too.
    io.print(text.pad("direct", 8), text.calls)
    -- As is what only an import lists.
    io.print(words.pad("shared", 8), words == text)
end

return { main = main }
