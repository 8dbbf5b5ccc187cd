local function check(v) if not v then error("bad value", 2) end end
local function caller() check(false) return 1 end
caller()
