-- Runs every case in a process of its own.
local io = require("io")

local lists = {
    { name = "processes", entry = "app:processes_case", skipped = { [23] = true, [24] = true }, count = 25 },
    { name = "io", entry = "app:io_case", skipped = { [19] = true, [20] = true, [25] = true }, count = 26 }
}

local function main(only)
    local failed = 0
    for _, list in ipairs(lists) do
        for number = 1, list.count do
            local name = list.name .. " " .. number
            if list.skipped[number] then
                io.print("TESTED FROM OUTSIDE " .. name)
            elseif not only or only == name then
                local _, err = process.exec(list.entry, "app:workers", number)
                if err then
                    failed = failed + 1
                    io.print("FAIL " .. name .. ": " .. tostring(err))
                else
                    io.print("PASS " .. name)
                end
            end
        end
    end
    return failed
end

return { main = main }
