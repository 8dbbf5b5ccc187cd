-- Runs every case in a process of its own and tells what was not as it should be.
local io = require("io")

local function tell(name, seen, err)
    if err then
        io.print(name .. " failed: " .. tostring(err))
        return 1
    end
    for _, difference in ipairs(seen.differences) do
        io.print(name .. ": " .. difference)
    end
    if #seen.differences == 0 then
        io.print(name .. ": all as it should be")
    end
    return #seen.differences
end

local function main()
    local failed = 0
    for _, name in ipairs { "lives", "calls", "tasks", "times", "little" } do
        failed = failed + tell(name, process.exec("app:" .. name, "app:workers"))
    end
    return failed
end

return { main = main }
