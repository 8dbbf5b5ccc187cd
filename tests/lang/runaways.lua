-- What never ends by itself ends in an error, soon.
local function handler(message) return 1 + handler(message) end
local ok, message = xpcall(error, handler, "x") print(ok, type(message))
local function nest() return 1 + coroutine.wrap(nest)() end
local nested, text = pcall(nest) print(nested, text:match("C stack overflow"))
local function deep(n) if n == 0 then return "bottom" end return coroutine.wrap(deep)(n - 1) end print(deep(100))
-- A recursion that hands on a list which grows takes no more memory than there is.
local function longer(...) return 1 + longer(1, ...) end
print(pcall(longer))
local function waits(...) if select("#", ...) < 0 then coroutine.yield() end return 1 + waits(1, ...) end
print(coroutine.resume(coroutine.create(waits)))
-- What only says so is none: its handler is asked again.
local count = 0
print(xpcall(error, function(m) count = count + 1 if count < 5 then error("no stack overflow", 0) end return count end, "x"))
setmetatable({}, { __gc = function() print("finalized at the exit") end })
os.exit(3, true)
