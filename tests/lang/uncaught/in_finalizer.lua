setmetatable({}, { __gc = function() error("from the finalizer") end })
print(pcall(collectgarbage))
setmetatable({}, { __gc = function() error({}) end })
collectgarbage()
