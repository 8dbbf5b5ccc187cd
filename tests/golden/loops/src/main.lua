local io = require("io")

local function list(from, to, step)
    local text = ""
    for i = from, to, step do
        text = text .. " " .. i
    end
    return text
end

-- An iterator with state and control, as `pairs` has it.
local function squares(limit, n)
    if n < limit then
        return n + 1, (n + 1) * (n + 1)
    end
end

local function main()
    io.print("up" .. list(1, 5, 1))
    io.print("down" .. list(5, 1, -2))
    io.print("none" .. list(2, 1, 1))
    -- At the edge of the integers it stops (PUC Lua 5.3 wraps and goes on).
    io.print((("edge" .. list(math.maxinteger - 1, math.maxinteger, 1)):gsub("%d+", "n")))
    io.print("fraction" .. list(1, 2, 0.5))

    local sum = 0
    for i = 1, 10 do
        if i == 8 then break end
        if i % 2 == 0 then
            sum = sum + i
        end
    end
    io.print("break", sum)

    for n, square in squares, 3, 0 do
        io.print("square", n, square)
    end
    for i, name in ipairs({ "a", "b", nil, "d" }) do
        io.print("ipairs", i, name)
    end
    local keys = {}
    for key in pairs({ x = 1, y = 2, 10, 20 }) do
        keys[#keys + 1] = tostring(key)
    end
    table.sort(keys)
    io.print("pairs", table.concat(keys, " "))

    local n = 0
    while true do
        n = n + 1
        if n > 100 then break end
    end
    io.print("while", n)
    repeat
        local done = n < 50
        n = n - 10
    until done
    io.print("repeat", n)

    for i = 1, 3 do
        for j = 1, 3 do
            if j == 2 then goto next end
            io.write(i, ":", j, " ")
            ::next::
        end
    end
    io.print()
end

return { main = main }
