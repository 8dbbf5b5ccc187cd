local a = 0x
local b = 1e
