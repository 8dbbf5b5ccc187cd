-- Tells that it is there, and fails when it is asked to.
local function main()
    local inbox = process.inbox()
    process.registry.register("fragile")
    if process.registry.lookup("storm") then
        process.send("storm", "up", process.pid())
    end
    inbox:receive()
    error("asked to fail")
end

return { main = main }
