local shapes = require("shapes")

local function main()
    time.sleep(words.pause)
    return shapes
end

return { main = main }
