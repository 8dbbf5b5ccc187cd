local io = require("io")
local time = require("time")

-- A pipeline of tasks that share the process: numbers, their squares, the sum.
local function pipeline()
    local numbers, squares = channel.new(), channel.new(2)
    coroutine.spawn(function()
        for n = 1, 5 do
            numbers:send(n)
        end
        numbers:close()
    end)
    coroutine.spawn(function()
        while true do
            local n, ok = numbers:receive()
            if not ok then break end
            squares:send(n * n)
        end
        squares:close()
    end)
    local sum = 0
    while true do
        local square, ok = squares:receive()
        if not ok then
            return sum
        end
        sum = sum + square
    end
end

local function first(...)
    local result = channel.select({ ... })
    return result.value, result.ok
end

local function main()
    io.print("sum", pipeline())

    local buffered = channel.new(3)
    buffered:send("a")
    buffered:send("b")
    buffered:close()
    io.print(buffered:receive())
    io.print(buffered:receive())
    io.print(tostring((buffered:receive())), select(2, buffered:receive()))
    io.print(pcall(function() buffered:send("late") end))

    local one, two = channel.new(1), channel.new(1)
    two:send("from two")
    io.print(first(one:case_receive(), two:case_receive()))
    io.print(first(one:case_send("put"), two:case_receive()))
    io.print(one:receive())

    local empty = channel.select({ one:case_receive(), default = true })
    io.print("default", empty.default, tostring(empty.value))

    local timeout = time.after("20ms")
    local result = channel.select({ one:case_receive(), timeout:case_receive() })
    io.print("timeout", result.channel == timeout)
end

return { main = main }
