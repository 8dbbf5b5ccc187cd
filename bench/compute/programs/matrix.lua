-- Arrays of arrays of floats.
local function matrix(n, f)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = f(i, j) end
    rows[i] = row
  end
  return rows
end

local function multiply(a, b, n)
  local c = {}
  for i = 1, n do
    local row, result = a[i], {}
    for j = 1, n do
      local sum = 0.0
      for k = 1, n do sum = sum + row[k] * b[k][j] end
      result[j] = sum
    end
    c[i] = result
  end
  return c
end

return function()
  local n = 300
  local a = matrix(n, function(i, j) return (i - j) * (i + j) / n end)
  local b = matrix(n, function(i, j) return (i + j) / (n + i) end)
  local c = multiply(a, b, n)
  return string.format("%.6f", c[101][66])
end
