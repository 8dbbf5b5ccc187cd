-- A method is looked up behind its arguments: seen where both fail, or an argument changes the method.
local object
print(pcall(function() return object:add(missing(1)) end))
