-- Patterns and tables with string keys.
local text = ("the quick brown fox jumps over the lazy dog while other foxes sleep and some dogs bark "):rep(40)

return function()
  local counts, total = {}, 0
  for round = 1, 3000 do
    for word in text:gmatch("%a+") do
      counts[word] = (counts[word] or 0) + 1
      total = total + 1
    end
    local key = "round" .. round % 10
    counts[key] = (counts[key] or 0) + 1
  end
  local words = {}
  for word in pairs(counts) do words[#words + 1] = word end
  table.sort(words)
  local upper = text:gsub("%w+", function(word) return word:upper() end)
  return #words .. " " .. total .. " " .. words[1] .. " " .. counts.the .. " " .. upper:sub(1, 9)
end
