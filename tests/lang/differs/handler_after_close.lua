-- When the handler of `xpcall` runs: Lua 5.4, which has `<close>`, calls it before it closes the variables.
local closer = setmetatable({}, { __close = function() print("closed") end })
print(xpcall(function()
  local x <close> = closer
  error("lost", 0)
end, function(message) print("handled") return message end))
