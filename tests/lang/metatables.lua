-- metatables and operators
local V = {}
V.__index = V
local function vec(x, y) return setmetatable({ x = x, y = y }, V) end
V.__add = function(a, b) return vec(a.x + b.x, a.y + b.y) end
V.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y) end
V.__mul = function(a, b) if type(a) == "number" then return vec(a * b.x, a * b.y) end return vec(a.x * b, a.y * b) end
V.__div = function(a, b) return vec(a.x / b, a.y / b) end
V.__mod = function(a, b) return vec(a.x % b, a.y % b) end
V.__pow = function(a, b) return vec(a.x ^ b, a.y ^ b) end
V.__unm = function(a) return vec(-a.x, -a.y) end
V.__idiv = function(a, b) return vec(a.x // b, a.y // b) end
V.__band = function() return "band" end
V.__bor = function() return "bor" end
V.__bxor = function() return "bxor" end
V.__shl = function() return "shl" end
V.__shr = function() return "shr" end
V.__bnot = function() return "bnot" end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__len = function(a) return a.x + a.y end
V.__concat = function(a, b)
  local function s(v) return type(v) == "table" and "(" .. v.x .. "," .. v.y .. ")" or tostring(v) end
  return s(a) .. s(b)
end
V.__call = function(self, a, b) return self.x + a, b end
V.__tostring = function(a) return "vec " .. a.x .. " " .. a.y end
function V:length2() return self.x * self.x + self.y * self.y end

local function proxies()
  local reads, writes = {}, {}
  local store = { a = 1 }
  local p = setmetatable({}, {
    __index = function(_, k) reads[#reads + 1] = k; return store[k] end,
    __newindex = function(_, k, v) writes[#writes + 1] = k; store[k] = v end,
  })
  assert(p.a == 1 and p.b == nil)
  p.b = 2
  assert(p.b == 2 and rawget(p, "b") == nil)
  assert(table.concat(reads, " ") == "a b b" and table.concat(writes, " ") == "b")
end

local function inheritance()
  local Animal = {}
  Animal.__index = Animal
  function Animal.new(name) return setmetatable({ name = name }, Animal) end
  function Animal:speak() return self.name .. " makes a noise" end
  function Animal:kind() return "animal" end
  local Dog = setmetatable({}, { __index = Animal })
  Dog.__index = Dog
  function Dog.new(name) return setmetatable(Animal.new(name), Dog) end
  function Dog:speak() return self.name .. " barks" end
  local d = Dog.new("Rex")
  assert(d:speak() == "Rex barks" and d:kind() == "animal" and Animal.speak(d) == "Rex makes a noise")
end

local function protected()
  local t = setmetatable({}, { __metatable = "locked" })
  assert(getmetatable(t) == "locked")
  local ok, e = pcall(setmetatable, t, {})
  assert(not ok and e:find("cannot change a protected metatable", 1, true))
end

local function pairs_meta()
  local t = setmetatable({}, { __pairs = function(t) return function(_, k) if not k then return 1, "one" end end, t, nil end })
  local n = 0
  for k, v in pairs(t) do n = n + 1; assert(k == 1 and v == "one") end
  assert(n == 1)
end

local function default_le()
  local mt = { __lt = function(a, b) return a.v < b.v end }
  local a, b = setmetatable({ v = 1 }, mt), setmetatable({ v = 2 }, mt)
  assert(a < b and not (b < a) and b > a and a <= b and not (b <= a))
end

local function main()
  local a, b = vec(1, 2), vec(3, 4)
  local c = a + b
  assert(c.x == 4 and c.y == 6)
  c = b - a; assert(c.x == 2)
  c = 2 * a; assert(c.y == 4)
  c = a * 3; assert(c.y == 6)
  c = b / 2; assert(c.x == 1.5)
  c = b % 2; assert(c.x == 1 and c.y == 0)
  c = b ^ 2; assert(c.x == 9 and c.y == 16)
  c = -a; assert(c.x == -1)
  c = b // 2; assert(c.x == 1 and c.y == 2)
  assert((a & b) == "band" and (a | 1) == "bor" and (1 ~ a) == "bxor" and (a << 1) == "shl" and (a >> 1) == "shr" and ~a == "bnot")
  assert(a == vec(1, 2) and a ~= b and not (a == 1))
  assert(a < b and b > a and a <= b and b >= a)
  assert(#a == 3)
  assert(a .. "x" == "(1,2)x" and "x" .. a == "x(1,2)" and 1 .. a == "1(1,2)" and a .. b == "(1,2)(3,4)" and "p" .. "q" .. a == "pq(1,2)")
  local r1, r2 = a(10, "second")
  assert(r1 == 11 and r2 == "second")
  assert(tostring(a) == "vec 1 2")
  assert(b:length2() == 25)
  proxies()
  inheritance()
  protected()
  pairs_meta()
  default_le()
  return 0
end
main()
print("ok")
