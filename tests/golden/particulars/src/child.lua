-- What the cases start. The first argument says what to do.
local ctx = require("ctx")
local funcs = require("funcs")
local json = require("json")
local time = require("time")

local actions = {}

actions["return"] = function(...)
    return ...
end

function actions.raise(value)
    error(value)
end

function actions.raise_error(kind)
    error(errors.new { message = "object", kind = kind, retryable = true })
end

function actions.raise_table()
    error({})
end

function actions.index_nil()
    local t = ctx.get("nothing")
    return t.x
end

function actions.returns_error(fields)
    return "dropped", errors.new(fields)
end

function actions.nothing()
end

-- Ends when it is told so, with what it is told.
function actions.wait()
    local inbox = process.inbox()
    return inbox:receive():payload():data()
end

-- Tells its parent what its inbox and events give.
function actions.echo(parent)
    local inbox, events = process.inbox(), process.events()
    while true do
        local r = channel.select { inbox:case_receive(), events:case_receive() }
        if r.channel == inbox then
            if r.value:topic() == "end" then
                return "ended"
            end
            process.send(parent, "echo", {
                topic = r.value:topic(), from = r.value:from(), text = tostring(r.value)
            })
        else
            process.send(parent, "echo", {
                kind = r.value.kind, from = r.value.from, reason = r.value.reason, at = r.value.at,
                result = r.value.result
            })
        end
    end
end

-- Links itself to another and waits.
function actions.link(other, trap)
    local events = process.events()
    process.set_options { trap_links = trap }
    process.link(other)
    return events:receive().kind
end

function actions.many(...)
    return { n = select("#", ...), last = type((select(select("#", ...), ...))) }
end

function actions.context(key)
    local value, err = ctx.get(key)
    return { value = value, kind = math.type(value), message = err and err:message(), error_kind = err and err:kind() }
end

function actions.all()
    return (ctx.all())
end

function actions.call_context(key)
    return (funcs.call("app:work", "context", key))
end

function actions.upgrade(...)
    process.upgrade(...)
end

function actions.deadlock()
    channel.select {}
end

function actions.names(names)
    for _, name in ipairs(names) do
        process.registry.register(name)
    end
    process.inbox():receive()
    return #names
end

function actions.sleep(duration)
    time.sleep(duration)
    return "slept"
end

function actions.busy()
    while true do
    end
end

function actions.ignores_cancel()
    local events = process.events()
    events:receive()
    return "asked"
end

-- The last value counts nothing.
function actions.three()
    return 1, nil, "third"
end

-- Each makes a call that takes long.
local long = {
    find = function()
        local text = string.rep("a", 20000)
        return function() string.find(text, ".-.-.-b") end
    end,
    gsub = function()
        local text = string.rep("a", 20000)
        return function() string.gsub(text, ".-.-.-b", "") end
    end,
    decode = function()
        local text = "[" .. string.rep("1,", 4000000) .. "1]"
        return function() json.decode(text) end
    end,
    encode = function()
        local list, lists = {}, {}
        for n = 1, 200000 do
            list[n] = n
        end
        for n = 1, 20 do
            lists[n] = list
        end
        return function() json.encode(lists) end
    end,
    sort = function()
        local list = {}
        for n = 1, 1000000 do
            list[n] = (n * 7919) % 1000003
        end
        return function() table.sort(list) end
    end
}

function actions.long(parent, kind)
    local call = long[kind]()
    process.send(parent, "begins")
    call()
    return "finished"
end

local function main(action, ...)
    return actions[action](...)
end

return { main = main }
