-- Trees whose children know their parents: garbage that only a collector finds.
local function tree(parent, depth)
  local node = { parent = parent, left = false, right = false }
  if depth > 0 then
    node.left = tree(node, depth - 1)
    node.right = tree(node, depth - 1)
  end
  return node
end

local function count(node)
  if not node.left then return 1 end
  return 1 + count(node.left) + count(node.right)
end

return function()
  local total = 0
  for _ = 1, 500 do total = total + count(tree(false, 10)) end
  return total
end
