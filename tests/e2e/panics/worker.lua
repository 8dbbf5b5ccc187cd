local time = require("time")

-- The test puts a panic here, into the emitted code.
local function explode(what)
    return what
end

local function pieces(text)
    local list = {}
    for word in string.gmatch(text, "%a+") do
        list[#list + 1] = { word = word, upper = string.upper(word) .. " " .. #list }
    end
    return list
end

local function nested(depth, text)
    local mine = pieces(text .. depth)
    if depth == 0 then
        return explode(mine[1].upper .. text)
    end
    local deeper = nested(depth - 1, text .. " more")
    return deeper .. mine[1].word
end

local function waits(text)
    local mine, kept = pieces(text), { text .. "!" }
    time.sleep("1ms")
    local moved = kept
    kept = nil
    local first = nested(2, mine[1].word)
    time.sleep("1ms")
    return first .. moved[1]
end

local Thing = {}
Thing.__index = Thing

function Thing:wait(text)
    local own = pieces(text)
    time.sleep("1ms")
    return waits(self.name .. own[1].word)
end

local run = {}

run["plain"] = function(text) return (explode(text)) end
run["nested"] = function(text) return nested(5, text) end
run["callback"] = function(text)
    local list = pieces(text)
    table.sort(list, function(a, b) return explode(a.word) < b.word end)
end
run["protected"] = function(text)
    local ok = pcall(function() return nested(1, text) end)
    return ok
end
run["after a wait"] = function(text)
    time.sleep("1ms")
    return nested(1, text)
end
run["in a wait"] = function(text)
    local list = pieces(text)
    local got = { first = waits(text), second = waits(list[1].word) }
    return got.first .. list[1].upper
end
run["in a tail call"] = function(text)
    local list = pieces(text)
    return waits(list[1].upper)
end
run["in a method"] = function(text)
    local thing = setmetatable({ name = text .. "?" }, Thing)
    local result = thing:wait(text)
    return result .. thing.name
end
run["in a coroutine"] = function(text)
    local list = pieces(text)
    local next_word = coroutine.wrap(function(first)
        local words = pieces(first)
        coroutine.yield(words[1].word)
        nested(1, first)
    end)
    local word = next_word(text)
    next_word(word)
    return list[1].word
end
run["in a coroutine that waits"] = function(text)
    local inner = coroutine.create(function(first)
        local words = pieces(first)
        local ok = pcall(waits, words[1].upper)
        return ok
    end)
    return coroutine.resume(inner, text)
end
run["in a task"] = function(text)
    local done = channel.new(1)
    coroutine.spawn(function() done:send(waits(text)) end)
    return done:receive()
end
run["beside tasks"] = function(text)
    local never = channel.new()
    for i = 1, 5 do
        local list = pieces(text .. i)
        coroutine.spawn(function()
            local got = never:receive()
            return list[1].word .. got
        end)
    end
    return waits(text)
end
run["closing"] = function(text)
    local closed = setmetatable({ text = text }, { __close = function(self) explode(self.text .. "!") end })
    do
        local thing <close> = closed
        text = thing.text .. "."
    end
    return text
end
run["fine"] = function(text)
    return pieces(text)[1].word
end

local function main(parent, place, number)
    local text = "some words of " .. place
    local result = run[place](text)
    process.send(parent, "result", number)
    return result
end

return { main = main }
