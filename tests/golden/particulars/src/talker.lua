-- What a shell sees: texts on the terminal, the exit status, the log. The end-to-end tests run it.
local io = require("io")
local logger = require("logger")
local system = require("system")
local time = require("time")

local actions = {}

-- What a terminal writes.
function actions.writes(...)
    io.print(io.write("a", 1, 2.5, nil, true, errors.new("e"), "\n"))
    io.print()
    io.print("a", nil, false, 2.0, 1e100)
    io.print(io.eprint("x", 1))
    io.print(io.flush())
    io.print(select("#", io.flush()))
    io.print(#io.args(), io.args()[1], io.args()[2], select("#", ...), ...)
    io.print(io.raw())
    io.print(io.raw(false))
    io.print(pcall(io.raw, 1))
    io.print(pcall(io.read, "x"))
end

function actions.reads()
    io.print(io.read(3))
    io.print(io.readline())
    io.print(io.read(-1))
    local none, err = io.readline()
    io.print(none, err, err:kind(), err:retryable())
    none, err = io.read()
    io.print(none, err, err:kind())
end

actions["return"] = function(kind)
    local values = {
        fraction = 2.9, negative = -1, large = 263, nan = 0 / 0, infinite = 1 / 0, text = "text", no = false,
        yes = true, table = {}
    }
    return values[kind]
end

function actions.fails(kind)
    if kind == "text" then
        return nil, "a text"
    elseif kind == "object" then
        return nil, errors.new { message = "load: load: no file", kind = errors.NOT_FOUND }
    end
    error("raised", 0)
end

-- Asks for the end, and has a last word.
function actions.exits(code, word)
    local events = process.events()
    io.print(system.exit(tonumber(code)))
    if word ~= "at once" then
        local event = events:receive()
        io.print(event.kind, event.reason, event.from)
    end
    if word == "fails" then
        error("last words", 0)
    end
    return tonumber(word)
end

function actions.exits_deaf(code)
    system.exit(tonumber(code))
    time.sleep("1h")
end

-- Two processes on the terminal; the other one ends after this one.
function actions.two(own, other, how)
    local pid = process.spawn("app:talker", "app:terminal", "second", other, how)
    if how == "silent" then
        process.spawn_monitored("app:talker", "app:terminal", "return", "yes")
    end
    process.send(pid, "go")
    return tonumber(own)
end

function actions.second(status, how)
    local events = process.events()
    io.print("args", #io.args())
    if how == "at once" then
        return tonumber(status)
    end
    events:receive()
    return tonumber(status)
end

-- Nobody learns of what runs on a terminal, nor can end it.
function actions.relations()
    local events = process.events()
    local pid = process.spawn_linked_monitored("app:talker", "app:terminal", "waits")
    io.print(process.terminate(pid))
    time.sleep("5ms")
    io.print(process.send(pid, "still there"))
    local late = time.after("20ms")
    local r = channel.select { events:case_receive(), late:case_receive() }
    io.print(r.channel == late)
    local named = process.with_context({}):with_name("on a terminal"):with_message("m")
    named:spawn("app:talker", "app:terminal", "waits")
    io.print(process.registry.lookup("on a terminal"))
    return 6
end

function actions.waits()
    process.events():receive()
    return 6
end

-- A service on the terminal is told its texts as arguments of the program.
function actions.logs()
    logger:info("fields", {
        b = true, f = 1.5, i = 2.0, list = { 1, "x", k = 2 }, map = { z = 1, a = "<&>" }, e = errors.new("err"), [1] = 2
    })
    logger:with({ outer = 1 }):with({ inner = 2 }):named("a"):named("b"):warn("named", { own = 3 })
    logger:error("two\nlines", { z = 1, error = errors.new("cause") })
    logger:debug("detail")
    logger:info(12)
    print("p", 1, 2.0, nil, true)
end

-- Wherever a logger comes from and whatever its arguments call, a line knows where it was written.
function actions.places()
    local own = logger:with({ w = 1 }):named("z")
    own:info("a call among the fields", { e = tostring(5) })
    own:warn("a call in the text " .. tostring(5))
    local method = "error"
    own[method](own, "a name that is a value")
    local info = own.info
    info(own, "a function that is a value")
    local write = print
    write("print that is a value")
    pcall(
        info,
        own,
        "through pcall"
    )
    return own:info("in tail position", { n = tonumber("1") })
end

-- Reads of the terminal end with the stop, and so do later ones.
function actions.read_at_stop()
    io.print("reading")
    local none, err = io.readline()
    io.print(none, err, err:kind())
    none, err = io.read()
    io.print(none, err, err:kind())
    return 9
end

-- Leaves a process on the terminal that hears nothing.
function actions.leaves_deaf()
    process.spawn("app:talker", "app:terminal", "deaf")
    time.sleep("100ms")
    return 0
end

function actions.deaf()
    time.sleep("5s")
end

local function main(action, ...)
    return actions[action](...)
end

return { main = main }
