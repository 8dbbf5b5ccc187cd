-- Methods found through inheritance, and fields of objects.
local Shape = {}
Shape.__index = Shape

function Shape.new(name)
  return setmetatable({ name = name, calls = 0 }, Shape)
end

function Shape:count()
  self.calls = self.calls + 1
  return self.calls
end

function Shape:area() return 0 end

local Square = setmetatable({}, { __index = Shape })
Square.__index = Square

function Square.new(side)
  local self = Shape.new("square")
  self.side = side
  return setmetatable(self, Square)
end

function Square:area() return self.side * self.side end

local Circle = setmetatable({}, { __index = Shape })
Circle.__index = Circle

function Circle.new(radius)
  local self = Shape.new("circle")
  self.radius = radius
  return setmetatable(self, Circle)
end

function Circle:area() return 3 * self.radius * self.radius end

return function()
  local shapes = {}
  for i = 1, 100 do
    shapes[i] = i % 3 == 0 and Shape.new("shape") or i % 3 == 1 and Square.new(i) or Circle.new(i)
  end
  local sum, calls = 0, 0
  for _ = 1, 40000 do
    for i = 1, #shapes do
      local shape = shapes[i]
      sum = sum + shape:area()
      calls = calls + shape:count() % 2
    end
  end
  return string.format("%d %d", sum, calls)
end
