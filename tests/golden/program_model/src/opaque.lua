local function made()
    return setmetatable({}, { __index = { main = function() end } })
end
-- Methods are looked up raw.
return made()
