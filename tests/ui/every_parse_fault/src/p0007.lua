local a = "\q"
local b = "\300"
