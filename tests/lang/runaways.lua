-- What never ends by itself ends in an error, soon.
local function handler(message) return 1 + handler(message) end
local ok, message = xpcall(error, handler, "x") print(ok, type(message))
local function nest() return 1 + coroutine.wrap(nest)() end
local nested, text = pcall(nest) print(nested, text:match("C stack overflow"))
local function deep(n) if n == 0 then return "bottom" end return coroutine.wrap(deep)(n - 1) end print(deep(100))
setmetatable({}, { __gc = function() print("finalized at the exit") end })
os.exit(3, true)
