local io = require("io")

counter = 0

local function tick(name)
    counter = counter + 1
    return name .. counter
end

local function main()
    local a, b, c = 1, 2
    a, b = b, a
    io.print(a, b, tostring(c))

    local t = { 1, 2, 3 }
    local i = 1
    i, t[i] = i + 1, 20
    io.print(i, t[1], t[2])

    t.x, t.y, t.z = tick("x"), tick("y"), tick("z"), tick("dropped")
    io.print(t.x, t.y, t.z, counter)

    global, other = "g"
    io.print(global, tostring(other))

    local function swap(u, v)
        u, v = v, u
        return u, v
    end
    io.print(swap("left", "right"))

    -- Parameters are variables; what the caller holds does not change.
    local list = { n = 1 }
    local function change(l)
        l.n = 2
        l = { n = 3 }
        return l
    end
    io.print(change(list).n, list.n)

    local nothing
    nothing = nothing or "default"
    local no = false and "never" or "otherwise"
    io.print(nothing, no, tostring(nil and 1), tostring(false or nil), 0 and "zero is true")
end

return { main = main }
