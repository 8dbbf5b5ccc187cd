local t = setmetatable({}, { __index = function(_, key) return key .. "!" end }) print(t.a, t[{}] .. "?")
