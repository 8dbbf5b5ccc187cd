-- Coroutines inside of coroutines, deeper than PUC Lua's limit of some 200 nested C calls.
local function deep(n) if n == 0 then return "reached" end return (coroutine.wrap(deep)(n - 1)) end
print(pcall(deep, 300))
