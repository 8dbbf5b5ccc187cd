local step = coroutine.wrap(function() error(setmetatable({}, { __tostring = function() return "from a table" end })) end)
step()
