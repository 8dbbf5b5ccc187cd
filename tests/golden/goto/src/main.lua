local io = require("io")

local function continue_like()
    local text = ""
    for i = 1, 6 do
        if i % 2 == 0 then goto continue end
        text = text .. i
        ::continue::
    end
    return text
end

local function backwards()
    local n = 0
    ::again::
    n = n + 1
    if n < 5 then goto again end
    return n
end

-- Out of two loops at once.
local function find(rows, wanted)
    local row, column = 0, 0
    for i, line in ipairs(rows) do
        for j, value in ipairs(line) do
            if value == wanted then
                row, column = i, j
                goto found
            end
        end
    end
    do return "not found" end
    ::found::
    return row .. "," .. column
end

-- A jump backwards makes a fresh variable for each turn.
local function fresh()
    local functions = {}
    local n = 0
    ::top::
    n = n + 1
    local mine = n
    functions[n] = function() return mine end
    if n < 3 then goto top end
    return functions[1]() .. functions[2]() .. functions[3]()
end

-- A small state machine.
local function machine(input)
    local position, text = 1, ""
    ::idle::
    do
        local byte = input:sub(position, position)
        position = position + 1
        if byte == "" then goto stop end
        if byte == "(" then goto inside end
        goto idle
    end
    ::inside::
    do
        local byte = input:sub(position, position)
        position = position + 1
        if byte == "" then goto stop end
        if byte == ")" then goto idle end
        text = text .. byte
        goto inside
    end
    ::stop::
    return text
end

local function main()
    io.print(continue_like(), backwards(), fresh())
    io.print(find({ { 1, 2 }, { 3, 4 } }, 3), find({ { 1 } }, 9))
    io.print(machine("a(bc)d(e)f"))
end

return { main = main }
