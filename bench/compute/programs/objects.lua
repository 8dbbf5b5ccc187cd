-- Short-lived objects with metamethods.
local Vector = {}
Vector.__index = Vector

local function vector(x, y)
  return setmetatable({ x = x, y = y }, Vector)
end

Vector.__add = function(a, b) return vector(a.x + b.x, a.y + b.y) end
Vector.__mul = function(a, factor) return vector(a.x * factor, a.y * factor) end
function Vector:dot(other) return self.x * other.x + self.y * other.y end

return function()
  local sum, step, dots = vector(0, 0), vector(1, 2), 0
  for i = 1, 600000 do
    sum = sum + step * (i % 3)
    dots = dots + step:dot(vector(i % 5, 1))
  end
  return string.format("%d %d %d", sum.x, sum.y, dots)
end
