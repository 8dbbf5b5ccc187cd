-- results, arguments, varargs, tail calls, methods, evaluation order
local function none() end
local function one() return 1 end
local function three() return 1, 2, 3 end
local function pass(...) return ... end
local function count(...) return select("#", ...) end
local function mixed(flag) if flag then return 1, 2 end end
local function two_or_three(flag) if flag then return 1, 2 end return 1, 2, 3 end

local log = {}
local function note(x) log[#log + 1] = x; return x end

local function order()
  log = {}
  local t = { [note("k1")] = note("v1"), note("p1"), x = note("n1"), note("p2") }
  assert(table.concat(log, " ") == "k1 v1 p1 n1 p2")
  log = {}
  local _ = note(1) + note(2) * note(3)
  assert(table.concat(log, " ") == "1 2 3")
  log = {}
  count(note("a"), note("b"), note("c"))
  assert(table.concat(log, " ") == "a b c")
  return t
end

local function assignment_order()
  local i, a = 1, {}
  i, a[i] = i + 1, 20
  assert(i == 2 and a[1] == 20 and a[2] == nil)
  local x, y = 1, 2
  x, y = y, x
  assert(x == 2 and y == 1)
  local t = { 1, 2 }
  t[1], t[2] = t[2], t[1]
  assert(t[1] == 2 and t[2] == 1)
  local p
  p, p = 1, 2
  assert(p == 1)
  local q = { n = 1 }
  q, q.n = { n = 5 }, 9
  assert(q.n == 5)
  local a1, a2, a3, a4 = three()
  assert(a1 == 1 and a2 == 2 and a3 == 3 and a4 == nil)
  a1, a2, a3, a4 = 0, three()
  assert(a1 == 0 and a2 == 1 and a3 == 2 and a4 == 3)
  a1, a2 = three(), 10
  assert(a1 == 1 and a2 == 10)
  a1, a2 = none()
  assert(a1 == nil and a2 == nil)
  a1, a2 = (three())
  assert(a1 == 1 and a2 == nil)
end

local function tail(n) if n == 0 then return "done" end return tail(n - 1) end
local function tail_two(n, acc) if n == 0 then return acc, n end return tail_two(n - 1, acc + 1) end
local ping, pong
function ping(n) if n == 0 then return "ping" end return pong(n - 1) end
function pong(n) if n == 0 then return "pong" end return ping(n - 1) end
local function through(f, n) if n == 0 then return "end", 1, 2 end return f(f, n - 1) end
local object = { depth = 0 }
function object:down(n) self.depth = self.depth + 1; if n == 0 then return self.depth end return self:down(n - 1) end

local function captured_tail(limit)
  local sum = 0
  local function go(i)
    if i > limit then return sum end
    sum = sum + i
    return go(i + 1)
  end
  return go(1)
end

local function tail_param_captured(n)
  local fs = {}
  local function go(i)
    fs[#fs + 1] = function() i = i + 100; return i end
    if i == n then return #fs end
    return go(i + 1)
  end
  local c = go(1)
  return c, fs[1](), fs[1](), fs[2]()
end

local Class = {}
Class.__index = Class
function Class.new(v) local self = setmetatable({}, Class); self.v = v; return self end
function Class:get() return self.v end
function Class:add(...) for _, x in ipairs({ ... }) do self.v = self.v + x end return self, self.v end
function Class.static(a, b) return a or "none", b or "none" end

local function main()
  assert(count(none()) == 0 and count(one()) == 1 and count(three()) == 3)
  assert(count((three())) == 1 and count(three(), 1) == 2 and count(1, three()) == 4)
  assert(count(pass()) == 0 and count(pass(nil, nil)) == 2 and count(pass(three())) == 3)
  assert(count(mixed(true)) == 2 and count(mixed(false)) == 0)
  assert(count(two_or_three(true)) == 2 and count(two_or_three(false)) == 3)
  assert(#{ three() } == 3 and #{ three(), three() } == 4 and #{ (three()) } == 1 and #{ none() } == 0)
  assert(select("#", table.unpack({ 1, nil, 3 }, 1, 3)) == 3)
  local t = order()
  assert(t.k1 == "v1" and t[1] == "p1" and t[2] == "p2")
  assignment_order()
  assert(tail(100000) == "done")
  local acc, zero = tail_two(100000, 0)
  assert(acc == 100000 and zero == 0)
  assert(ping(200001) == "pong")
  local a, b, c = through(through, 300000)
  assert(a == "end" and b == 1 and c == 2)
  assert(object:down(100000) == 100001)
  assert(captured_tail(1000) == 500500)
  local n, x, y, z = tail_param_captured(3)
  assert(n == 3 and x == 101 and y == 201 and z == 102)
  local o = Class.new(5)
  assert(o:get() == 5)
  local same, v = o:add(1, 2, 3)
  assert(same == o and v == 11 and o:add():get() == 11)
  local s1, s2 = Class.static("a")
  assert(s1 == "a" and s2 == "none")
  assert(("abc"):upper():rep(2) == "ABCABC")
  assert((function(...) local a, b = ... return b end)(1, 2, 3) == 2)
  assert((function(...) return (select(2, ...)) end)("a", "b", "c") == "b")
  local f = function(a, ...) return a, select("#", ...), ... end
  local r = { f(1, nil, nil) }
  assert(r[1] == 1 and r[2] == 2)
  assert(math.max(three()) == 3)
  assert(pcall(three) == true and select("#", pcall(three)) == 4)
  assert(type(none) == "function" and print ~= nil)
  return 0
end
main()
print("ok")
-- a name that stands twice in one list: the last one is seen
print((function(a, a) return a end)(1, 2), (function(_, _, ...) return _, ... end)(1, 2, 3))
do local b, b = 1, 2 print(b) local c, c, c = three() print(c) end
for k, k in ipairs({ 5 }) do print(k) end
do local d, d = 1, 2 local f = function() d = d + 1 return d end print(f(), d) end
-- a function that calls itself at its end in a way that is no jump
local function again(n, ...) if n > 0 then return again(n - 1, ...) end return ... end
print(again(3, "a", "b"), (again(2, "x")))
local function fewer(a, b) if a == 0 then return b end if a > 5 then return fewer(one()) end return fewer(a - 1) end
print(fewer(3, 1), fewer(9, 1))
local function single(a, ...) if a > 0 then return single(a - 1, a, ...) end return select("#", ...) end
print(single(10))
-- a parameter with the name of its function
local function same(same, x) return same, x end print(same(1, 2))
local function twice(twice) local function inner(inner) return inner end return inner(twice) end print(twice(3))
-- A bracket that begins a line goes on with the call above it.
local function curried(a) return function(b) print(a, b) return curried_result end end
curried_result = print
local value = curried("first")
("second")
(("third"):upper(), "fourth")
print(value)
-- One name for two parameters: the last is the one that is seen.
local function twice(a, a) return function() return a end, a end
local get, last = twice(1, 2) print(get(), last)
local function countdown(a, a) local see = function() return a end if a == 0 then return "end", see() end return countdown(5, a - 1) end
print(countdown(7, 3))
local function swap(_, x, _) if x > 2 then return x, _ end local keep = function() x = x + 1 return _ end keep() return swap(keep(), x, "u" .. x) end
print(swap(1, 0, 2))
-- More values than variables: all are evaluated.
local function said(v) io.write("said ", tostring(v), " ") return v, v end
local one = said(1), said(2) local two, three = said(3), (said(4)), said(5), said(6) print(one, two, three)
local library = table.pack, said(7) print(type(library))

-- A method is looked up before its arguments run.
do
  local object
  print(pcall(function() return object:add(missing(1)) end))
  local counter = { sum = 0 }
  function counter:add(by) self.sum = self.sum + by return self end
  local function spoil(by) counter.add = nil return by end
  print(pcall(function() local result = counter:add(spoil(5)) return result.sum end))
  print(pcall(function() return counter:add(spoil(5)) end))
  counter.add = function(self, by) return self, by end
  print(select("#", counter:add(math.max(1, 2))))
end
