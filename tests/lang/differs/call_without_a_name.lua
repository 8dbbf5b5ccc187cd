-- A library function called by no name: Lua finds it in its library, and names that too.
print(pcall(function() (function() return string.rep end)()() end))
print(pcall(function() setmetatable({}, { __call = string.rep })({}) end))
