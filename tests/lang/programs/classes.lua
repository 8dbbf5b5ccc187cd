-- A class library: single inheritance, mixins, class methods, properties, operators, introspection.

local class

local Object = { name = "Object", __static = {} }
Object.methods = {}
Object.__index = Object.methods

function Object.methods:init() end
function Object.methods:is(kind)
  local at = self.class
  while at do
    if at == kind then return true end
    for _, mixin in ipairs(at.mixins or {}) do
      if mixin == kind then return true end
    end
    at = at.super
  end
  return false
end
function Object.methods:to_string() return "a " .. self.class.name end

local metamethods = {
  "add", "sub", "mul", "div", "mod", "unm", "concat", "eq", "lt", "le", "len", "call", "tostring", "index",
  "newindex", "pairs", "idiv", "band", "shl",
}

local function new(kind, ...)
  local object = setmetatable({ class = kind }, kind.meta)
  object:init(...)
  return object
end

local function include(kind, mixin)
  kind.mixins = kind.mixins or {}
  table.insert(kind.mixins, mixin)
  for name, member in pairs(mixin.methods or {}) do
    if kind.methods[name] == nil or not rawget(kind.methods, name) then kind.methods[name] = member end
  end
  if mixin.included then mixin.included(kind) end
  return kind
end

function class(name, super)
  super = super or Object
  local kind = { name = name, super = super, subclasses = {} }
  kind.methods = setmetatable({}, { __index = super.methods })
  kind.getters = setmetatable({}, { __index = super.getters })
  kind.setters = setmetatable({}, { __index = super.setters })
  kind.meta = {}
  kind.meta.__index = function(object, key)
    local getter = kind.getters[key]
    if getter then return getter(object) end
    return kind.methods[key]
  end
  kind.meta.__newindex = function(object, key, value)
    local setter = kind.setters[key]
    if setter then return setter(object, value) end
    if kind.getters[key] then error("property '" .. key .. "' of " .. name .. " is read only", 2) end
    rawset(object, key, value)
  end
  kind.meta.__tostring = function(object) return object:to_string() end
  kind.meta.__name = name
  for _, event in ipairs(metamethods) do
    if kind.meta["__" .. event] == nil then
      local inherited = super.meta and super.meta["__" .. event]
      if inherited then kind.meta["__" .. event] = inherited end
    end
  end
  kind.include = include
  if super.subclasses then table.insert(super.subclasses, kind) end
  return setmetatable(kind, {
    __call = new,
    __tostring = function() return "class " .. name end,
    __index = super ~= Object and super or nil,
    __newindex = function(self, key, value)
      if type(value) == "function" then
        local event = type(key) == "string" and key:match("^__(%l+)$")
        if event then kind.meta[key] = value else kind.methods[key] = value end
      else
        rawset(self, key, value)
      end
    end,
  })
end

-- Shapes ----------------------------------------------------------------------------------------

local Shape = class("Shape")
Shape.count = 0
function Shape:init(x, y)
  self.x, self.y = x or 0, y or 0
  Shape.count = Shape.count + 1
  rawset(self, "id", Shape.count)
end
function Shape:area() return 0 end
function Shape:to_string()
  return ("%s #%d at (%g, %g), area %.2f"):format(self.class.name, self.id, self.x, self.y, self:area())
end
function Shape:move(dx, dy)
  self.x = self.x + dx
  self.y = self.y + dy
  return self
end

local Circle = class("Circle", Shape)
function Circle:init(x, y, r)
  Shape.methods.init(self, x, y)
  self.r = r
end
function Circle:area() return math.pi * self.r ^ 2 end
Circle.getters.diameter = function(self) return self.r * 2 end
Circle.setters.diameter = function(self, d) self.r = d / 2 end

local Rectangle = class("Rectangle", Shape)
function Rectangle:init(x, y, w, h)
  self.class.super.methods.init(self, x, y)
  self.w, self.h = w, h
end
function Rectangle:area() return self.w * self.h end
Rectangle.getters.diagonal = function(self) return math.sqrt(self.w ^ 2 + self.h ^ 2) end
Rectangle.__eq = function(a, b) return a.w == b.w and a.h == b.h end
Rectangle.__lt = function(a, b) return a:area() < b:area() end
Rectangle.__le = function(a, b) return a:area() <= b:area() end
Rectangle.__add = function(a, b) return Rectangle(a.x, a.y, a.w + b.w, math.max(a.h, b.h)) end
Rectangle.__mul = function(a, k)
  if type(a) == "number" then a, k = k, a end
  return Rectangle(a.x, a.y, a.w * k, a.h * k)
end
Rectangle.__len = function(r) return 4 end
Rectangle.__call = function(r, scale) return r:area() * (scale or 1) end
Rectangle.__concat = function(a, b) return tostring(a) .. " & " .. tostring(b) end
Rectangle.__unm = function(r) return Rectangle(-r.x, -r.y, r.w, r.h) end

local Square = class("Square", Rectangle)
function Square:init(x, y, side)
  Shape.methods.init(self, x, y)
  self.w, self.h = side, side
end

-- Mixins ----------------------------------------------------------------------------------------

local Comparable = { methods = {} }
function Comparable.methods:max(other) if self:compare(other) >= 0 then return self end return other end
function Comparable.methods:min(other) if self:compare(other) <= 0 then return self end return other end
function Comparable.methods:between(low, high) return self:compare(low) >= 0 and self:compare(high) <= 0 end

local Serialisable = { methods = {}, kinds = {} }
Serialisable.included = function(kind) Serialisable.kinds[#Serialisable.kinds + 1] = kind.name end
function Serialisable.methods:serialise()
  local keys = {}
  for key, value in next, self do
    if type(value) ~= "table" and type(value) ~= "function" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for i, key in ipairs(keys) do keys[i] = ("%s=%s"):format(key, tostring(self[key])) end
  return self.class.name .. "{" .. table.concat(keys, ", ") .. "}"
end

Shape:include(Serialisable)
local Money = class("Money"):include(Comparable):include(Serialisable)
function Money:init(cents) self.cents = cents end
function Money:compare(other) return self.cents - other.cents end
function Money:to_string() return ("$%d.%02d"):format(self.cents // 100, self.cents % 100) end

-- Use -------------------------------------------------------------------------------------------

local shapes = { Circle(0, 0, 1), Rectangle(1, 2, 3, 4), Square(5, 5, 2), Shape(7, 7) }
for _, shape in ipairs(shapes) do
  print(shape)
  print(shape.class, shape:is(Shape), shape:is(Rectangle), shape:is(Circle), shape:is(Serialisable))
  print(shape:move(1, -1):serialise())
end
local circle, rectangle, square = table.unpack(shapes)
print(circle.diameter, rectangle.diagonal, square.diagonal)
circle.diameter = 10
print(circle.r, ("%.4f"):format(circle:area()))
print(pcall(function() rectangle.diagonal = 3 end))

print(rectangle == Rectangle(9, 9, 3, 4), rectangle == square, rectangle ~= square)
print(square < rectangle, square <= rectangle, square > rectangle)
print(rectangle + square)
print(square * 3)
print(2 * square)
print(-square)
print(#square, square(10), rectangle())
print(rectangle .. square)
print(rectangle .. " and text")
print("text and " .. rectangle)
print(Shape.count, Square.name, Square.super.name, Square.super.super.name, Square.super.super.super.name)

local function tree(kind, depth)
  print(("  "):rep(depth) .. kind.name)
  table.sort(kind.subclasses, function(a, b) return a.name < b.name end)
  for _, sub in ipairs(kind.subclasses) do tree(sub, depth + 1) end
end
tree(Shape, 0)

local a, b, c = Money(1250), Money(99), Money(5000)
print(a:max(b), a:min(b), a:between(b, c), b:between(a, c))
print(a:serialise(), a:is(Comparable), a:is(Shape), table.concat(Serialisable.kinds, " "))
print(Money.methods.max == Comparable.methods.max)

-- Errors name the method and the line of the caller.
print(pcall(function() return a + b end))
print(pcall(function() return a < b end))
print(pcall(function() return a:vanish() end))
print(pcall(function() return a() end))
print(pcall(function() return #a .. a end))
print(pcall(function() return circle.r.x.y end))

-- A class with closures as privacy.
local function Counter(start)
  local count, log = start or 0, {}
  local self = {}
  function self.increment(by)
    count = count + (by or 1)
    log[#log + 1] = count
    return self
  end
  function self.value() return count end
  function self.history() return table.concat(log, ",") end
  return setmetatable(self, { __index = function(_, key) error("no method " .. tostring(key), 2) end, __metatable = "locked" })
end
local counter = Counter(5)
counter.increment().increment(10).increment()
print(counter.value(), counter.history(), getmetatable(counter))
print(pcall(function() return counter.reset() end))
print(pcall(setmetatable, counter, {}))

-- Objects as keys and in sets, methods as values.
local seen = {}
for _, shape in ipairs(shapes) do seen[shape] = shape.id end
print(seen[circle], seen[square], seen[Shape(0, 0)])
local area = Circle.methods.area
print(("%.3f"):format(area({ r = 2 })))
local bound = function(object, method, ...)
  local fixed = table.pack(...)
  return function(...)
    local all = { table.unpack(fixed, 1, fixed.n) }
    for i = 1, select("#", ...) do all[fixed.n + i] = (select(i, ...)) end
    return object[method](object, table.unpack(all, 1, fixed.n + select("#", ...)))
  end
end
print(bound(rectangle, "move", 10)(20).x, rectangle.y)

-- Many objects, one polymorphic call.
local total = 0
for i = 1, 2000 do
  local shape = i % 3 == 0 and Circle(i, i, i % 7) or i % 3 == 1 and Square(i, i, i % 5) or Rectangle(i, i, i % 4, i % 6)
  total = total + shape:area()
end
print(("%.6f"):format(total), Shape.count)
