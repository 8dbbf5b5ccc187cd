-- What closures share, and what each has of its own.
-- The first line of a file is a comment like any other.
local io = require("io")

-- One variable, two functions that share it.
local function counter(start)
    local count = start
    local function increment(by)
        count = count + (by or 1)
        return count
    end
    local function get()
        return count
    end
    return increment, get
end

-- Each turn of a loop has a variable of its own.
local function collect()
    local functions = {}
    for i = 1, 3 do
        functions[i] = function()
            i = i * 10
            return i
        end
    end
    return functions
end

-- Captured through two levels, and recursive.
local function outer(name)
    local function deep(depth)
        if depth == 0 then
            return function() return name end
        end
        return deep(depth - 1)
    end
    return deep(3)
end

local function main()
    local increment, get = counter(5)
    increment()
    increment(10)
    io.print("shared", get())

    local other = counter(0)
    io.print("separate", other(), get())

    local functions = collect()
    io.print("loop", functions[1](), functions[1](), functions[2](), functions[3]())

    io.print("deep", outer("a")(), outer("b")())

    local x = 1
    do
        local x = x + 1
        increment = function() x = x + 1 return x end
    end
    io.print("shadowed", increment(), increment(), x)

    -- repeat ... until sees the body's locals, closures over them too.
    local n, seen = 0, {}
    repeat
        local mine = n
        seen[#seen + 1] = function() return mine end
        n = n + 1
    until mine >= 2
    io.print("repeat", seen[1](), seen[2](), seen[3]())
end

return { main = main }
