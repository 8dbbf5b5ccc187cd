local io = require("io")

local function show(t)
    local parts = {}
    for i = 1, #t do
        parts[i] = tostring(t[i])
    end
    return table.concat(parts, ",")
end

local function pair()
    return "p", "q"
end

local function main()
    local t = { 1, 2, x = "x", ["y z"] = 3, [10] = 10, pair(), pair() }
    io.print(#t, t.x, t["y z"], t[10], show(t))

    table.insert(t, "last")
    table.insert(t, 1, "first")
    io.print(show(t), table.remove(t), table.remove(t, 1), show(t))

    local names = { "pear", "fig", "apple", "kiwi" }
    table.sort(names)
    io.print(show(names))
    table.sort(names, function(a, b) return #a < #b or (#a == #b and a > b) end)
    io.print(show(names))

    local nested = { inner = { list = { { deep = "here" } } } }
    io.print(nested.inner.list[1].deep)
    nested.inner.list[1].deep = nil
    io.print(tostring(nested.inner.list[1].deep), next(nested.inner.list[1]) == nil)

    local keys = {}
    keys[1] = "int"
    keys["1"] = "string"
    keys[true] = "boolean"
    keys[keys] = "itself"
    io.print(keys[1.0], keys["1"], keys[true], keys[keys])

    local removed = {}
    for i = 1, 100 do removed["k" .. i] = i end
    local count = 0
    for key in pairs(removed) do
        removed[key] = nil
        count = count + 1
    end
    io.print(count, next(removed) == nil)

    io.print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), " "), table.concat({ 1, 2, 3 }, "-", 2, 3))
end

return { main = main }
