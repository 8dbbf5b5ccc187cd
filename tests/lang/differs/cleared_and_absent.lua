-- Lua makes room for a field that is assigned nil, and forgets the cleared one that the walk stands on.
local t, walked = { a = 1, b = 2, c = 3, d = 4 }, 0
print(pcall(function()
  for name in pairs(t) do
    walked = walked + 1
    t[name] = nil
    t[name .. "x"] = nil
  end
  return walked
end))
