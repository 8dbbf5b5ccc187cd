-- Services that end in every way.
local time = require("time")

local ways = {}

function ways.raises()
    error("on purpose", 0)
end

function ways.returns_text()
    return nil, "text"
end

function ways.returns_object(retryable)
    return nil, errors.new { message = "object", kind = errors.UNAVAILABLE, retryable = retryable }
end

function ways.returns_number()
    return 5
end

function ways.upgrades()
    process.upgrade("app:nothing")
end

function ways.terminates()
    process.terminate(process.pid())
end

function ways.linked()
    process.spawn_linked("app:child", "app:workers", "raise", "x")
    time.sleep("1h")
end

local function main(way, ...)
    return ways[way](...)
end

return { main = main }
