-- An array of booleans.
return function()
  local limit, count = 200000, 0
  for _ = 1, 50 do
    local composite = {}
    for i = 2, limit do composite[i] = false end
    count = 0
    for i = 2, limit do
      if not composite[i] then
        count = count + 1
        for multiple = i * i, limit, i do composite[multiple] = true end
      end
    end
  end
  return count
end
