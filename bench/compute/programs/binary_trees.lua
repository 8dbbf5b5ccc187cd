-- Many small tables that are garbage at once.
local function bottom_up(depth)
  if depth == 0 then return { left = nil, right = nil } end
  return { left = bottom_up(depth - 1), right = bottom_up(depth - 1) }
end

local function count(tree)
  if tree.left == nil then return 1 end
  return 1 + count(tree.left) + count(tree.right)
end

return function()
  local deepest, total = 13, 0
  local long_lived = bottom_up(deepest)
  for depth = 4, deepest, 3 do
    for _ = 1, 2 ^ (deepest - depth + 4) do total = total + count(bottom_up(depth)) end
  end
  return total + count(long_lived)
end
