-- Coroutines that yield one value after another, and pipelines of them.
local function range(n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(i) end
  end)
end

local function filter(source, wanted)
  return coroutine.wrap(function()
    for value in source do
      if wanted(value) then coroutine.yield(value) end
    end
  end)
end

return function()
  local sum = 0
  for value in range(1500000) do sum = sum + value end
  for value in filter(range(500000), function(x) return x % 3 == 0 end) do sum = sum + value end
  return sum
end
