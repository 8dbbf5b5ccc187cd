local words = require("words")

local Shape = {}
Shape.__index = Shape

function Shape.new(name, area)
    return setmetatable({ name = name, area = area }, Shape)
end

function Shape:describe()
    return words.pad(self.name, 8) .. self.area
end

return Shape
