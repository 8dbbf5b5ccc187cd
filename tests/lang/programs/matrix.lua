-- Vectors, matrices, fractions and complex numbers that share one arithmetic through metatables.

local Fraction = {}
Fraction.__index = Fraction

local function gcd(a, b)
  while b ~= 0 do a, b = b, a % b end
  return a < 0 and -a or a
end

local function fraction(n, d)
  d = d or 1
  if d == 0 then error("denominator is zero", 2) end
  if d < 0 then n, d = -n, -d end
  local g = gcd(n, d)
  return setmetatable({ n = n // g, d = d // g }, Fraction)
end

local function lift(v)
  if getmetatable(v) == Fraction then return v end
  if math.type(v) == "integer" then return fraction(v) end
  error("cannot make a fraction of " .. tostring(v), 3)
end

function Fraction.__add(a, b) a, b = lift(a), lift(b) return fraction(a.n * b.d + b.n * a.d, a.d * b.d) end
function Fraction.__sub(a, b) a, b = lift(a), lift(b) return fraction(a.n * b.d - b.n * a.d, a.d * b.d) end
function Fraction.__mul(a, b) a, b = lift(a), lift(b) return fraction(a.n * b.n, a.d * b.d) end
function Fraction.__div(a, b) a, b = lift(a), lift(b) return fraction(a.n * b.d, a.d * b.n) end
function Fraction.__unm(a) return fraction(-a.n, a.d) end
function Fraction.__idiv(a, b) local q = lift(a) / lift(b) return q.n // q.d end
function Fraction.__mod(a, b) return lift(a) - lift(b) * (lift(a) // lift(b)) end
function Fraction.__pow(a, k)
  local result = fraction(1)
  for _ = 1, math.abs(k) do result = result * a end
  return k < 0 and 1 / result or result
end
function Fraction.__eq(a, b) return a.n == b.n and a.d == b.d end
function Fraction.__lt(a, b) a, b = lift(a), lift(b) return a.n * b.d < b.n * a.d end
function Fraction.__le(a, b) a, b = lift(a), lift(b) return a.n * b.d <= b.n * a.d end
function Fraction.__tostring(a) return a.d == 1 and tostring(a.n) or a.n .. "/" .. a.d end
function Fraction.__concat(a, b) return tostring(a) .. tostring(b) end
function Fraction:value() return self.n / self.d end

---------------------------------------------------------------------------------------------------------

local Complex = {}
function Complex.__index(c, key)
  if key == "abs" then return math.sqrt(c.re * c.re + c.im * c.im) end
  if key == "conjugate" then return Complex.new(c.re, -c.im) end
  return rawget(Complex, key)
end
function Complex.new(re, im) return setmetatable({ re = re, im = im or 0 }, Complex) end
local function both(a, b)
  if type(a) == "number" then a = Complex.new(a) end
  if type(b) == "number" then b = Complex.new(b) end
  return a, b
end
Complex.__add = function(a, b) a, b = both(a, b) return Complex.new(a.re + b.re, a.im + b.im) end
Complex.__sub = function(a, b) a, b = both(a, b) return Complex.new(a.re - b.re, a.im - b.im) end
Complex.__mul = function(a, b) a, b = both(a, b) return Complex.new(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re) end
Complex.__div = function(a, b)
  a, b = both(a, b)
  local d = b.re ^ 2 + b.im ^ 2
  local c = a * b.conjugate
  return Complex.new(c.re / d, c.im / d)
end
Complex.__unm = function(a) return Complex.new(-a.re, -a.im) end
Complex.__eq = function(a, b) return a.re == b.re and a.im == b.im end
Complex.__tostring = function(c) return ("%.4g%+.4gi"):format(c.re, c.im) end

---------------------------------------------------------------------------------------------------------

local Matrix = { __name = "Matrix" }
Matrix.__index = Matrix

local function matrix(rows)
  local width = #rows[1]
  for i, row in ipairs(rows) do
    if #row ~= width then error(("row %d has %d columns, not %d"):format(i, #row, width), 2) end
  end
  return setmetatable({ rows = rows, height = #rows, width = width }, Matrix)
end

local function generate(height, width, f)
  local rows = {}
  for i = 1, height do
    local row = {}
    for j = 1, width do row[j] = f(i, j) end
    rows[i] = row
  end
  return matrix(rows)
end

function Matrix.identity(n, one, zero)
  return generate(n, n, function(i, j) return i == j and (one or 1) or (zero or 0) end)
end

function Matrix:map(f)
  return generate(self.height, self.width, function(i, j) return f(self.rows[i][j], i, j) end)
end

function Matrix:transpose()
  return generate(self.width, self.height, function(i, j) return self.rows[j][i] end)
end

local function zip(a, b, f)
  if a.height ~= b.height or a.width ~= b.width then
    error(("sizes differ: %dx%d and %dx%d"):format(a.height, a.width, b.height, b.width), 3)
  end
  return a:map(function(v, i, j) return f(v, b.rows[i][j]) end)
end

function Matrix.__add(a, b) return zip(a, b, function(x, y) return x + y end) end
function Matrix.__sub(a, b) return zip(a, b, function(x, y) return x - y end) end
function Matrix.__unm(a) return a:map(function(x) return -x end) end
function Matrix.__mul(a, b)
  if getmetatable(a) ~= Matrix then return b:map(function(x) return a * x end) end
  if getmetatable(b) ~= Matrix then return a:map(function(x) return x * b end) end
  if a.width ~= b.height then error(("cannot multiply %dx%d by %dx%d"):format(a.height, a.width, b.height, b.width), 2) end
  return generate(a.height, b.width, function(i, j)
    local sum = a.rows[i][1] * b.rows[1][j]
    for k = 2, a.width do sum = sum + a.rows[i][k] * b.rows[k][j] end
    return sum
  end)
end
function Matrix.__pow(a, k)
  local result, base = nil, a
  while k > 0 do
    if k & 1 == 1 then result = result and result * base or base end
    base, k = base * base, k >> 1
  end
  return result or Matrix.identity(a.height)
end
function Matrix.__eq(a, b)
  for i = 1, a.height do
    for j = 1, a.width do
      if a.rows[i][j] ~= b.rows[i][j] then return false end
    end
  end
  return a.height == b.height and a.width == b.width
end
function Matrix.__len(a) return a.height * a.width end
function Matrix.__call(a, i, j) return a.rows[i][j] end
function Matrix.__tostring(a)
  local lines, widths = {}, {}
  for j = 1, a.width do
    widths[j] = 0
    for i = 1, a.height do widths[j] = math.max(widths[j], #tostring(a.rows[i][j])) end
  end
  for i, row in ipairs(a.rows) do
    local cells = {}
    for j, v in ipairs(row) do cells[j] = ("%" .. widths[j] .. "s"):format(tostring(v)) end
    lines[i] = "[ " .. table.concat(cells, "  ") .. " ]"
  end
  return table.concat(lines, "\n")
end

-- Gauss with the largest pivot; gives back the determinant and the inverse.
function Matrix:solve()
  local n = self.height
  if n ~= self.width then error("not a square matrix", 2) end
  local zero = self.rows[1][1] - self.rows[1][1]
  local one
  local work = self:map(function(v) return v end)
  local function size(v) return type(v) == "table" and v.abs or type(v) == "table" and math.abs(v:value()) or math.abs(v) end
  for i = 1, n do
    for j = 1, n do
      local v = self.rows[i][j]
      if not one and v ~= zero then one = v / v end
    end
  end
  if not one then return zero end
  local inverse, determinant = Matrix.identity(n, one, zero), one
  for column = 1, n do
    local pivot = column
    for i = column + 1, n do
      if size(work.rows[i][column]) > size(work.rows[pivot][column]) then pivot = i end
    end
    if work.rows[pivot][column] == zero then return zero end
    if pivot ~= column then
      for _, m in ipairs { work, inverse } do m.rows[pivot], m.rows[column] = m.rows[column], m.rows[pivot] end
      determinant = -determinant
    end
    local p = work.rows[column][column]
    determinant = determinant * p
    for _, m in ipairs { work, inverse } do
      for j = 1, n do m.rows[column][j] = m.rows[column][j] / p end
    end
    for i = 1, n do
      local factor = work.rows[i][column]
      if i ~= column and factor ~= zero then
        for _, m in ipairs { work, inverse } do
          for j = 1, n do m.rows[i][j] = m.rows[i][j] - factor * m.rows[column][j] end
        end
      end
    end
  end
  return determinant, inverse
end

-- Trials ----------------------------------------------------------------------------------------------------

local half, third = fraction(1, 2), fraction(-2, -6)
print(half, third, half + third, half - third, half * third, half / third, -half, half ^ 3, half ^ -2, half ^ 0)
print(half + 1, 2 - third, 3 * half, 1 / third, half // third, fraction(7, 2) % fraction(2, 3), 5 % fraction(3, 2))
print(half == fraction(2, 4), half ~= third, half < third, half <= half, third < 1, 1 > third, 2 >= fraction(4, 2))
print("half is " .. half .. ", a third " .. third, half:value(), fraction(6, -3))
print(pcall(fraction, 1, 0))
print(pcall(function() return half + 0.5 end))
print(pcall(function() return half + {} end))

local i = Complex.new(0, 1)
print(i, i * i, (1 + i) * (1 - i), (3 + 4 * i).abs, (3 + 4 * i).conjugate, (1 + 2 * i) / (3 - i), -i, i * i == Complex.new(-1))
print(i.nothing, pcall(function() return i < i end))

local a = matrix { { 1, 2 }, { 3, 4 } }
local b = matrix { { 0, 1 }, { 1, 0 } }
for _, m in ipairs { a + b, a - b, a * b, b * a, 2 * a, a * 0.5, -a, a:transpose(), a ^ 5, a ^ 0 } do print(m) end
print(#a, a(2, 1), a == b, a == matrix { { 1, 2 }, { 3, 4 } }, a ~= b, (a ^ 2)(1, 2))
print(matrix { { 0, 1 }, { 1, 1 } } ^ 60)
print(pcall(matrix, { { 1, 2 }, { 3 } }))
print(pcall(function() return a + matrix { { 1 } } end))
print(pcall(function() return a * matrix { { 1 } } end))
print(pcall(function() return a + 1 end))
print(select(2, pcall(function() return matrix { { 1, 2 } }:solve() end)))
print(select(2, pcall(function() return a < b end)))

print(a:solve())
print(matrix { { 1, 2 }, { 2, 4 } }:solve())
local f = generate(4, 4, function(x, y) return fraction(1, x + y - 1) end)
print(f)
local determinant, inverse = f:solve()
print(determinant)
print(inverse)
print(f * inverse == Matrix.identity(4, fraction(1), fraction(0)), f * inverse)
local c = matrix { { 1 + i, i }, { 2 * i, 1 - i } }
determinant, inverse = c:solve()
print(determinant, inverse, c * inverse, sep)

-- Vectors with fields named x, y, z and numbers as keys alike.
local Vector = setmetatable({}, { __call = function(kind, ...) return setmetatable({ ... }, kind) end })
local axes = { x = 1, y = 2, z = 3 }
Vector.__index = function(v, key) return axes[key] and rawget(v, axes[key]) or Vector[key] end
Vector.__newindex = function(v, key, value) rawset(v, axes[key] or error("no axis " .. tostring(key), 2), value) end
Vector.__add = function(p, q) return Vector(p.x + q.x, p.y + q.y, p.z + q.z) end
Vector.__mul = function(p, q)
  if type(p) == "number" then p, q = q, p end
  if type(q) == "number" then return Vector(p.x * q, p.y * q, p.z * q) end
  return p.x * q.x + p.y * q.y + p.z * q.z
end
Vector.__bxor = function(p, q) return Vector(p.y * q.z - p.z * q.y, p.z * q.x - p.x * q.z, p.x * q.y - p.y * q.x) end
Vector.__bnot = function(v) return v * (1 / v:length()) end
Vector.__shl = function(v, n) return Vector(v.x << n, v.y << n, v.z << n) end
Vector.__tostring = function(v) return ("<%g, %g, %g>"):format(v.x, v.y, v.z) end
function Vector:length() return (self * self) ^ 0.5 end

local p, q = Vector(1, 2, 3), Vector(4, 5, 6)
print(p + q, p * q, p * 2, 2 * p, p ~ q, ~Vector(0, 3, 4), p << 2, p:length())
p.z = 10
p.x = p.x + 1
print(p, p.w, #p, rawget(p, "z"), pcall(function() p.w = 1 end))
local sum = Vector(0, 0, 0)
for k = 1, 1000 do sum = sum + ~(Vector(k, k / 2, -k) ~ Vector(1, 0, k)) end
print(sum)
