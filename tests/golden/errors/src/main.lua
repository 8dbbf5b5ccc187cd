local io = require("io")

local function fail(message, level)
    error(message, level)
end

local function index(t)
    return t.field
end

local function caught(...)
    local results = table.pack(pcall(...))
    for i = 1, results.n do
        results[i] = tostring(results[i])
    end
    io.print(table.concat(results, " | "))
end

local function nested()
    local ok, message = pcall(function()
        local ok, message = pcall(fail, "inner", 0)
        error("outer after " .. message, 0)
    end)
    return message
end

local function main()
    caught(fail, "here")
    caught(fail, "without a place", 0)
    caught(function() fail("the caller", 2) end)
    caught(index, nil)
    caught(function() local a = {} return a.b.c end)
    caught(function() return 1 + {} end)
    caught(function() return "a" < 1 end)
    caught(function() return #nil end)
    caught(function() nothing() end)
    caught(function() local t = {} t:method() end)
    caught(function() local t = {} t[nil] = 1 end)
    caught(function() return ("x"):rep(-1) .. nil end)
    caught(function() return 1 // 0 end)
    caught(string.rep)
    caught(function() return "fine", nil, 3 end)
    caught(error)
    caught(error, { code = 7 } and nil)

    local ok, value = pcall(error, { code = 42 })
    io.print(ok, type(value), value.code)
    io.print(nested())

    local handled = { xpcall(fail, function(message) return "handled: " .. message end, "x", 0) }
    io.print(tostring(handled[1]), handled[2])
    io.print(select("#", pcall(function() end)))
    io.print(pcall(assert, false, "asserted"))
    io.print(pcall(assert, nil))
    io.print(select(2, assert(1, "kept")))
end

return { main = main }
