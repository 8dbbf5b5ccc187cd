-- Tail calls end this chunk, run as a library and as a function.
local function count(n, made)
    if n > 0 then return count(n - 1, made) end
    return made
end

local function make(name)
    return count(3, { run = function(x) return name .. x .. type(maker) end, name = name })
end

return make("made ")
