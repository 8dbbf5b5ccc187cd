-- Small functions of numbers called from loops over arrays.
local function a(i, j)
  local sum = i + j - 1
  return 1.0 / (sum * (sum - 1) * 0.5 + i)
end

local function multiply(x, n)
  local y = {}
  for i = 1, n do
    local sum = 0.0
    for j = 1, n do sum = sum + a(i, j) * x[j] end
    y[i] = sum
  end
  return y
end

local function multiply_transposed(x, n)
  local y = {}
  for i = 1, n do
    local sum = 0.0
    for j = 1, n do sum = sum + a(j, i) * x[j] end
    y[i] = sum
  end
  return y
end

return function()
  local n = 500
  local u, v = {}, nil
  for i = 1, n do u[i] = 1.0 end
  for _ = 1, 10 do
    v = multiply_transposed(multiply(u, n), n)
    u = multiply_transposed(multiply(v, n), n)
  end
  local uv, vv = 0.0, 0.0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return string.format("%.9f", math.sqrt(uv / vv))
end
