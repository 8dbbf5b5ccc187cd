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

local function make(kind)
    return errors.new({ message = "made", kind = kind })
end

local function frames(e)
    local stack = errors.call_stack(e)
    if not stack then
        return "no stack"
    end
    local lines = { string.match(stack.thread, "^0x%x+$") and "thread" or stack.thread }
    for _, frame in ipairs(stack.frames) do
        table.insert(lines, table.concat({ frame.level, frame.source, frame.line, frame.name, frame.type }, " "))
    end
    return table.concat(lines, "\n")
end

local Account = {}
Account.__index = Account

function Account:withdraw()
    local e = make(errors.INVALID)
    error(e)
end

-- Where errors come from: the place that made them, and the way they took once they were thrown.
local function stacks()
    io.print(make():stack())
    io.print(frames(make()))
    local account = setmetatable({}, Account)
    local ok, e = pcall(function()
        account:withdraw()
    end)
    io.print(e:stack())
    io.print(frames(e))
    -- What it passes when it is thrown again is not where it was made.
    local again = select(2, pcall(function() error(e) end))
    io.print(again == e, #errors.call_stack(e).frames)
    local wrapped = errors.wrap(e, "no money")
    io.print(wrapped:stack())
    io.print(errors.wrap("text", "context"):stack())
    -- Made by a call that does not know its place, then thrown.
    local unplaced = select(2, pcall(errors.new, "unplaced"))
    io.print(unplaced:stack(), frames(unplaced))
    pcall(error, unplaced)
    io.print(frames(unplaced))
    io.print(frames("text"), frames(nil), frames({}))
    -- The runtime's own failures.
    local _, failure = process.send("nobody", "topic", 1)
    io.print(type(failure), failure and frames(failure))
    local thrown = select(2, pcall(function()
        assert(nil, failure)
    end))
    io.print(frames(thrown))
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
    stacks()
end

return { main = main }
