local io = require("io")

-- Operands that are not constants.
local function id(x)
    return x
end

local function main()
    local seven, two = id(7), id(2)
    io.print(seven + two, seven - two, seven * two, seven // two, seven % two, -seven // two, -seven % two)
    io.print(seven & two, seven | two, seven ~ two, ~seven, seven << two, seven >> 1, 1 << id(63), 1 << id(64))
    io.print(id(math.maxinteger) + 1 == math.mininteger, id(math.mininteger) // -1 == math.mininteger)
    io.print(id(0.5) + 1, seven / two, id(2.5) // 1, id(5.5) % two, id("10") + 0.5)
    io.print(seven == 7.0, seven == "7", id("a") .. id(1) .. id("b"), id("a") < id("b"), id("Z") < id("a"))
    io.print(not id(nil), not id(0), #id("four"), #id(""))
    io.print(two ^ 0.5 > 1.41, 2 * id(3) + 4 * id(5), (2 + id(3)) * 4, -id(2) ^ 2 < 0, not id(1) == 2)
    io.print(id("a") .. id("b") == "ab" and "yes" or "no", 1 .. 2, two .. "")

    local order = {}
    local function note(name, value)
        order[#order + 1] = name
        return value
    end
    local _ = note("a", 1) + note("b", 2) * note("c", 3) < note("d", 4)
    local _ = note("e", nil) and note("never") or note("f", 1) or note("never")
    io.print(table.concat(order))
end

return { main = main }
