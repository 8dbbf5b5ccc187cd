-- Closures made and called: counters, composition, map and fold.
local function counter()
  local count = 0
  return function(by)
    count = count + by
    return count
  end
end

local function compose(f, g)
  return function(x) return f(g(x)) end
end

local function map(list, f)
  local result = {}
  for i = 1, #list do result[i] = f(list[i]) end
  return result
end

local function fold(list, start, f)
  for i = 1, #list do start = f(start, list[i]) end
  return start
end

return function()
  local list = {}
  for i = 1, 100 do list[i] = i end
  local total = 0
  for round = 1, 40000 do
    local next_count = counter()
    local f = compose(function(x) return x + round end, function(x) return x * 2 end)
    local mapped = map(list, f)
    total = total + fold(mapped, 0, function(a, b) return (a + b) % 1000003 end)
    for _ = 1, 10 do total = total + next_count(round) % 7 end
  end
  return total
end
