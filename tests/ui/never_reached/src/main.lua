local lost = require("lost")

local function again(n)
  return again(n - 1)
end

local function refuse(reason)
  error("refused: " .. reason)
  print("never")
end

local x = x
print(_G.settings, rawget(_G, "other"), load2, lost)

return { run = function() refuse("all") end }
