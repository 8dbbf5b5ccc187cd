-- `print` and the global `tostring`
local own = tostring
tostring = function(v) return "<" .. own(v) .. ">" end
print(1, nil, "x", setmetatable({}, { __tostring = function() return "object" end }))
tostring = nil
print(1)
