-- Appending, joining and formatting.
return function()
  local text = ""
  for i = 1, 20000 do text = text .. i % 10 end
  local parts = {}
  for i = 1, 200000 do parts[#parts + 1] = "item " .. i .. ";" end
  local joined = table.concat(parts, ",")
  local formatted = 0
  for i = 1, 100000 do formatted = formatted + #string.format("%d:%s:%5.2f", i, "x", i / 3) end
  return #text .. " " .. #joined .. " " .. formatted
end
