-- Address space: 440 MB
-- Tail calls in constant memory, however many arguments they pass: a worker's stack takes 256 MB of that already.
local list = table.pack(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
local function known(n, ...) if n == 0 then return select("#", ...) end return known(n - 1, ...) end
print(known(1000000, table.unpack(list)))
local ping, pong
function ping(n, ...) if n == 0 then return select("#", ...) end return pong(n - 1, ...) end
function pong(n, ...) if n == 0 then return select("#", ...) end return ping(n - 1, ...) end
print(ping(300000, table.unpack(list)))
local object = {}
function object:method(n, ...) if n == 0 then return select("#", ...) end return self:method(n - 1, ...) end
print(object:method(300000, table.unpack(list)))
object.field = function(n, ...) if n == 0 then return select("#", ...) end return object.field(n - 1, ...) end
print(object.field(300000, table.unpack(list)))
object.fixed = function(n, a, b) if n == 0 then return a, b end return object.fixed(n - 1, b, a) end
print(object.fixed(1000000, 1, 2))
local called = setmetatable({}, { __call = function(self, n, ...)
  if n == 0 then return select("#", ...) end
  return self(n - 1, ...)
end })
print(called(300000, table.unpack(list)))
-- One that suspends.
local thread = coroutine.wrap(function(...)
  local function serve(n, ...)
    if n == 0 then return select("#", ...) end
    if n % 100000 == 0 then coroutine.yield(n) end
    return serve(n - 1, ...)
  end
  return serve(...)
end)
for _ = 1, 5 do print(thread(500000, table.unpack(list))) end
-- From the depth of a recursion, and a result that each level waits for.
local function deep(n) if n == 0 then return known(1000, 1, 2, 3) end return (deep(n - 1)) end
print(deep(10000))
local function walk(n) if n == 0 then return 1 end return 1 + walk(n - 1) + object.fixed(3, 1, 2) end
print(walk(10000))
-- Long lists bounce at once; one that grows without end is an error.
local long = {} for i = 1, 200 do long[i] = i end
print(object.field(10000, table.unpack(long)))
for i = 1, 480000 do long[i] = i end
local count = 0
local function grow(...)
  count = select("#", ...)
  return grow(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
    60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88,
    89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, ...)
end
print(pcall(grow, table.unpack(long)))
print(count > 490000)
