-- line one
local s = "café"
