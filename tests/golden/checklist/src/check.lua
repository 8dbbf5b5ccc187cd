-- What a case says about what it sees.
local check = {}

function check.equal(seen, expected, what)
    if seen ~= expected then
        error((what or "value") .. ": " .. tostring(seen) .. " instead of " .. tostring(expected), 2)
    end
end

function check.yes(seen, what)
    if not seen then
        error(what or "that is not so", 2)
    end
end

-- `nil, err` (or `false, err`) with this message, and kind if given.
function check.fails(result, err, message, kind)
    if result then
        error("no failure, but " .. tostring(result), 2)
    end
    check.contains(tostring(err), message)
    if kind then
        check.equal(err:kind(), kind, "kind of " .. tostring(err))
    end
end

function check.contains(text, part)
    if not string.find(text, part, 1, true) then
        error(string.format("%q is not in %q", part, text), 2)
    end
end

-- The call raises an error whose text contains this.
function check.raises(part, f, ...)
    local ok, err = pcall(f, ...)
    if ok then
        error("nothing was raised", 2)
    end
    check.contains(tostring(err), part)
end

return check
