-- Ways to take memory. Those of `too_much` never return on a host of 4 MB; those of `modest` let go
-- of what they took before it is too much, again and again.

local time = require("time")
local channel = require("channel")
local process = require("process")
local pg = require("pg")

local too_much = {}

function too_much.table_of_numbers()
    local t = {}
    for i = 1, 1e8 do
        t[i] = i
    end
end

function too_much.texts_in_a_table()
    local t = {}
    for i = 1, 1e8 do
        t[i] = "text " .. i
    end
end

function too_much.one_text()
    local s = "x"
    for _ = 1, 40 do
        s = s .. s
    end
end

-- Each call makes much, and there are few of them.
function too_much.few_large_texts()
    local s, t = string.rep("x", 1000000), {}
    for i = 1, 300 do
        t[i] = s:sub(2)
    end
end

function too_much.one_format()
    local s, t = string.rep("x", 1000000), {}
    for i = 1, 100 do
        t[i] = s
    end
    return #string.format(string.rep("%s", 100), table.unpack(t))
end

function too_much.one_substitution()
    return #string.rep("x", 100000):gsub("x", string.rep("y", 1000))
end

function too_much.few_packed_texts()
    local s, t = string.rep("x", 1000000), {}
    for i = 1, 300 do
        t[i] = string.pack("s4", s)
    end
end

function too_much.values_in_a_channel()
    local buffer = channel.new(100000000)
    for i = 1, 1e8 do
        buffer:send(i)
    end
end

function too_much.texts_in_a_channel()
    local buffer = channel.new(100000)
    for i = 1, 100000 do
        buffer:send(string.rep("x", 200) .. i)
    end
    time.sleep("10s")
end

function too_much.spawned_coroutines()
    for _ = 1, 200000 do
        coroutine.spawn(function()
            time.sleep("10s")
        end)
    end
    time.sleep("10s")
end

function too_much.suspended_coroutines()
    local resting = {}
    for i = 1, 200000 do
        resting[i] = coroutine.create(function()
            coroutine.yield()
        end)
        coroutine.resume(resting[i])
    end
end

function too_much.blocked_senders()
    local full = channel.new()
    for i = 1, 200000 do
        coroutine.spawn(function()
            full:send(i)
        end)
    end
    time.sleep("10s")
end

function too_much.timers()
    local kept = {}
    for i = 1, 200000 do
        kept[i] = time.after("10s")
    end
    time.sleep("10s")
end

function too_much.messages_nobody_receives()
    time.sleep("10s")
end

function too_much.messages_in_an_inbox()
    local inbox = process.inbox()
    inbox:receive()
    time.sleep("10s")
end

function too_much.messages_while_it_computes()
    while true do
    end
end

function too_much.names()
    for i = 1, 1000000 do
        process.registry.register("a name of no great length, with the number " .. i)
    end
end

function too_much.groups()
    local scope = pg.open("app:scope")
    for i = 1, 1000000 do
        scope:join("group " .. i)
    end
end

local modest = {}

function modest.names_and_groups_that_are_left()
    local scope = pg.open("app:scope")
    for i = 1, 50000 do
        process.registry.register("name " .. i)
        process.registry.unregister("name " .. i)
        scope:join("modest " .. i)
        scope:leave("modest " .. i)
    end
end

function modest.a_buffer_filled_and_drained()
    local buffer = channel.new(10000)
    for _ = 1, 50 do
        for i = 1, 10000 do
            buffer:send(string.rep("y", 100) .. i)
        end
        for _ = 1, 10000 do
            buffer:receive()
        end
    end
end

function modest.tasks_that_end()
    local done = channel.new()
    for _ = 1, 100 do
        for _ = 1, 1000 do
            coroutine.spawn(function()
                done:send(1)
            end)
        end
        for _ = 1, 1000 do
            done:receive()
        end
    end
end

function modest.coroutines_that_are_dropped()
    for _ = 1, 100000 do
        local resting = coroutine.create(function()
            coroutine.yield()
        end)
        coroutine.resume(resting)
    end
end

function modest.messages_that_are_received()
    local inbox = process.inbox()
    for _ = 1, 20 do
        local message
        for _ = 1, 10000 do
            message = inbox:receive()
        end
        process.send(message:from(), "more", true)
    end
end

function modest.large_texts_one_after_the_other()
    local last
    for i = 1, 1000 do
        last = string.rep("z", 1000000 + i)
    end
    return last
end

return { too_much = too_much, modest = modest }
