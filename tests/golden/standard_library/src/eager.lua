-- The code of an import runs before main and cannot wait.
local time = require("time")

local ok, message = pcall(time.sleep, "1ms")

return { waited = ok, message = tostring(message) }
