-- What a program is: libraries, chunks and methods, and what becomes of results.
local io = require("io")
local funcs = require("funcs")
local time = require("time")
local first = require("first")

local HOST = "app:workers"

local function call(how, ...)
    local value, err = funcs.call("app:answers", how, ...)
    if err then
        io.print(how, value, tostring(err), err:kind(), err:retryable(), err:details() and err:details().n)
    else
        io.print(how, type(value) == "table" or value)
    end
    return value
end

local function main()
    -- One instance for all aliases; globals are shared by all units of a process.
    io.print("loaded", table.concat(loaded, " "))
    io.print("same", first.deep == require("second").deep, deep == bottom, second.name)
    io.print("a function", funcs.call("app:bare", 1, 2))
    io.print("a table that a function made", funcs.call("app:made", 1))
    local _, thrown = funcs.call("app:answers", "throw table")
    io.print(thrown:kind(), string.match(tostring(thrown), "^table: 0x%x+$") ~= nil)

    -- The first result is delivered, as a copy with its metatable; a second one may be an error.
    call("one")
    call("several")
    call("nothing")
    call("text as error")
    call("error", errors.TIMEOUT)
    call("error", "")
    call("other second")
    call("false and text")
    call("throw text")
    call("throw error", errors.CONFLICT)
    call("throw error", "")
    call("throw nil")
    local argument = setmetatable({ 1, nested = { 2 } }, { __index = { inherited = "yes" } })
    local copy = call("table", argument)
    io.print(copy ~= argument, copy[1], copy.nested[1], copy.inherited, copy.channel, type(copy.error), copy.added)
    io.print(argument.added)

    for _, name in ipairs({ "needs_failing", "needs_between", "has_no_method", "returns_nothing" }) do
        local pid, err = process.spawn("app:" .. name, HOST)
        io.print(name, pid, tostring(err), err:kind())
    end

    -- What a process leaves behind when its main function returns is dropped.
    local inbox = process.inbox()
    process.spawn("app:leaves", HOST, process.pid())
    io.print(inbox:receive():topic())
    time.sleep("30ms")
    local late = time.after("1ms")
    local chosen = channel.select({ inbox:case_receive(), late:case_receive() })
    io.print("nothing more", chosen.channel == late)
end

return { main = main }
