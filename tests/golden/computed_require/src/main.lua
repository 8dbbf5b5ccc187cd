-- `require` of names that are put together: whatever the program lists is found.
local io = require("io")
local shapes = require("shapes")

local function named(...)
    return require(table.concat({ ... }))
end

local function main()
    io.print("an import", named("sha", "pes") == shapes, shapes.loads)
    io.print("of an import", named("wor", "ds").shout("hello"))
    io.print("a function", named("twi", "ce")(21))
    io.print("false", named("o", "ff"))
    io.print("a module", named("ti", "me") == require("time"), named("i", "o") == io)
    io.print("a library", named("str", "ing") == string, named("_", "G") == _G)
    io.print(pcall(named, "sha", "pe"))
    -- It may suspend, whoever finds it.
    io.print("waits", named("la", "te").wait("1ms"))
    local found = named("la", "te")
    io.print("waits", pcall(found.wait, "1ms"))

    io.print("globals", _G["sha" .. "pes"] == shapes, twice(4), words.shout("x"))
    own = { value = 1 }
    io.print("a global of one's own", named("o", "wn").value)
    for _, name in ipairs({ "shapes", "words", "nothing" }) do
        local ok, module = pcall(require, name)
        io.print(name, ok, type(module))
    end
end

return { main = main }
