-- Counts the words of one line and says so to its parent.
local words = require("words")

local function main(parent, line)
    process.send(parent, "counted", words.count(line))
end

return { main = main }
