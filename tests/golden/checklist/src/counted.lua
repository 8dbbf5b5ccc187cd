local time = require("time")

local function main(how)
    while not process.registry.lookup("counter") do
        time.sleep("2ms")
    end
    process.send("counter", "run", how)
    if how == "raising" then
        error("on purpose")
    elseif how == "recovering" and not process.registry.lookup("recovered") then
        process.registry.register("recovered", process.registry.lookup("counter"))
        error("once only")
    end
    return "done"
end

return { main = main }
