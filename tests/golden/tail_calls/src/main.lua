local io = require("io")

local function count(n, total)
    if n == 0 then
        return total
    end
    return count(n - 1, total + 1)
end

local even

local function odd(n)
    if n == 0 then
        return false
    end
    return even(n - 1)
end

function even(n)
    if n == 0 then
        return true
    end
    return odd(n - 1)
end

-- Through a value nobody knows, with several results.
local function bounce(f, n, ...)
    if n == 0 then
        return ...
    end
    return f(f, n - 1, ...)
end

local Machine = {}
Machine.__index = Machine

function Machine:step(n)
    self.steps = self.steps + 1
    if n == 0 then
        return self.steps
    end
    return self:step(n - 1)
end

local function depth(n)
    if n == 0 then
        return 0
    end
    return 1 + depth(n - 1)
end

local function main()
    io.print(count(1000000, 0))
    io.print(even(100001), odd(100001))
    io.print(bounce(bounce, 100000, "a", nil, "c"))
    io.print(setmetatable({ steps = 0 }, Machine):step(100000))
    io.print(depth(10000))
end

return { main = main }
