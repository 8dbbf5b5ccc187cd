-- What a case says about what it sees: every difference is kept, and told at the end.
local see = {}

local differences, count = {}, 0

local function show(value)
    if type(value) == "string" then
        return string.format("%q", value)
    end
    return math.type(value) == "float" and "float " .. value or tostring(value)
end

local function differs(what, seen, expected)
    differences[#differences + 1] = what .. ": " .. show(seen) .. " instead of " .. show(expected)
end

function see.equal(what, seen, expected)
    count = count + 1
    if seen ~= expected or math.type(seen) ~= math.type(expected) then
        differs(what, seen, expected)
    end
end

function see.has(what, text, part)
    count = count + 1
    if not string.find(tostring(text), part, 1, true) then
        differs(what, tostring(text), part)
    end
end

-- An error object with exactly this kind and text.
function see.error(what, err, kind, message, retryable)
    count = count + 1
    if type(err) ~= "userdata" or not err.kind then
        return differs(what, err, message)
    end
    if err:message() ~= message then
        differs(what, err:message(), message)
    end
    if err:kind() ~= kind then
        differs(what .. ", kind", err:kind(), kind)
    end
    if retryable == nil then
        retryable = false
    end
    if err:retryable() ~= retryable and retryable ~= "unsaid" or retryable == "unsaid" and err:retryable() ~= nil then
        differs(what .. ", retryable", err:retryable(), retryable)
    end
end

-- `nil, err`, and nothing more.
function see.fails(what, kind, message, ...)
    see.equal(what .. ", results", select("#", ...), 2)
    see.equal(what .. ", result", (...), nil)
    see.error(what, (select(2, ...)), kind, message)
end

-- `false, err`
function see.refuses(what, kind, message, ...)
    see.equal(what .. ", result", (...), false)
    see.error(what, (select(2, ...)), kind, message)
end

-- What is raised is `entry:line: message`.
function see.raises(what, message, f, ...)
    local ok, err = pcall(f, ...)
    count = count + 1
    if ok then
        return differs(what, "nothing raised", message)
    end
    local text = string.gsub(tostring(err), "^[%w_]+:[%w_]+:%d+: ", "")
    if text ~= message then
        differs(what, text, message)
    end
end

-- Exactly these results.
function see.results(what, expected, ...)
    local seen = table.pack(...)
    see.equal(what .. ", results", seen.n, expected.n or #expected)
    for n = 1, expected.n or #expected do
        see.equal(what .. ", result " .. n, seen[n], expected[n])
    end
end

function see.done()
    return { count = count, differences = differences }
end

return see
