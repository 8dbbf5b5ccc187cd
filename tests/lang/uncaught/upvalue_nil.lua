local handler
local function fire() return handler.name end
fire()
