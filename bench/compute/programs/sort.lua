-- The library's sort with and without a function, and a quicksort in Lua.
local function numbers(n)
  local list, seed = {}, 42
  for i = 1, n do
    seed = (seed * 16807) % 2147483647
    list[i] = seed
  end
  return list
end

local function quicksort(list, low, high)
  while low < high do
    local pivot, i, j = list[(low + high - (low + high) % 2) / 2], low, high
    while i <= j do
      while list[i] < pivot do i = i + 1 end
      while list[j] > pivot do j = j - 1 end
      if i <= j then
        list[i], list[j] = list[j], list[i]
        i, j = i + 1, j - 1
      end
    end
    if j - low < high - i then
      quicksort(list, low, j)
      low = i
    else
      quicksort(list, i, high)
      high = j
    end
  end
end

return function()
  local n = 150000
  local a, b, c = numbers(n), numbers(n), numbers(n)
  table.sort(a)
  table.sort(b, function(x, y) return x > y end)
  quicksort(c, 1, n)
  for i = 1, n do
    assert(a[i] == c[i] and a[i] == b[n + 1 - i])
  end
  return string.format("%d %d", a[1], a[n])
end
