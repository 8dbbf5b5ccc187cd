-- A process for each line, all at once; the counts come back in any order.
local io = require("io")

local function start_counters()
    local started = 0
    while true do
        local line = io.readline()
        if not line then
            return started
        end
        local _, err = process.spawn("app:counter", "app:processes", process.pid(), line)
        if err then
            error(err)
        end
        started = started + 1
    end
end

local function collect(expected)
    local inbox = process.inbox()
    local total = {}
    for _ = 1, expected do
        local counts = inbox:receive():payload():data()
        for word, count in pairs(counts) do
            total[word] = (total[word] or 0) + count
        end
    end
    return total
end

local function main()
    local total = collect(start_counters())
    local list = {}
    for word, count in pairs(total) do
        list[#list + 1] = { word = word, count = count }
    end
    table.sort(list, function(a, b)
        if a.count ~= b.count then
            return a.count > b.count
        end
        return a.word < b.word
    end)
    for _, item in ipairs(list) do
        io.print(string.format("%6d  %s", item.count, item.word))
    end
    return 0
end

return { main = main }
