-- The level names the function that called `pcall`.
local function at(f, ...) print(pcall(f, ...)) end
at(function() error("m", 3) end)
at(error, "direct", 2)
