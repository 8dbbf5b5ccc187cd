local io = require("io")

local function count(...)
    return select("#", ...)
end

local function pass(...)
    return ...
end

local function three()
    return 1, nil, 3
end

local function last(first, ...)
    local rest = { ... }
    return first, #rest, rest[#rest]
end

local function main()
    io.print(count(), count(nil), count(nil, nil), count(three()))
    io.print(count(three(), three()), count((three())), count(pass(), 1), count(1, pass()))
    io.print(select(2, "a", "b", "c"))
    io.print(select(-1, "a", "b", "c"))
    io.print(last("x"), last("x", "y", "z"))

    local a, b, c, d = three()
    io.print(a, tostring(b), c, tostring(d))
    local e, f = (three())
    io.print(e, tostring(f))

    local packed = table.pack(three())
    io.print(packed.n, #{ three(), three() }, #{ pass("p", "q"), pass("r") })
    io.print(table.unpack({ 1, 2, 3 }, 2))
    io.print(pass(pass(pass("through"))))
    io.print(count(table.unpack({}, 1, 200)))
end

return { main = main }
