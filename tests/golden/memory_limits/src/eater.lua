local eaters = require("eaters")

local function main(kind, name)
    eaters[kind][name]()
    return "ended by itself"
end

return { main = main }
