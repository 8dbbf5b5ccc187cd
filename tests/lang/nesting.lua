-- Expressions deeper than the compiler leaves them: the order of evaluation and what errors say.
local log = {}
local function note(name, value)
  log[#log + 1] = name
  return value
end

-- The operands of a deep expression are read in order, before and behind what is cut out.
local box = {1}
local function change() box[1] = box[1] + 1 return box[1] end
local sum = note("first", 1) + (box[1] + (note("a", 1) + (note("b", 2) + (note("c", 3) + (note("d", 4) + (note("e", 5)
  + (note("f", 6) + (note("g", 7) + (note("h", 8) + (note("i", 9) + (note("j", 10) + (note("k", 11) + (note("l", 12)
  + (note("m", 13) + (note("n", 14) + (note("o", 15) + (note("p", 16) + (note("q", 17) + (change() * 100 + box[1])))))))))))))))))))
print(sum, box[1], table.concat(log, " "))

log = {}
local function f(name, ...) log[#log + 1] = name return ... end
print(f(1, f(2, f(3, f(4, f(5, f(6, f(7, f(8, f(9, f(10, f(11, f(12, f(13, f(14, f(15, f(16, f(17, f(18, f(19, f(20,
  "in", "most")))))))))))))))))))))
print(table.concat(log, " "))

-- Tables are made outer ones first where they have both kinds of items.
log = {}
local made = setmetatable({}, {__index = function(_, key) log[#log + 1] = key return key end})
local t = {made.a, x = {made.b, x = {made.c, x = {made.d, x = {made.e, x = {made.f, x = {made.g, x = {made.h, x = {made.i,
  x = {made.j, x = {made.k, x = {made.l, x = {made.m, x = {made.n, x = {made.o, x = {made.p, x = {made.q, x = {made.r, x =
  {made.s, x = {}, y = made.t}, y = made.u}}}}, y = made.v}}}}}}}}}, y = made.w}}}}, y = made.x}
print(table.concat(log, " "))
local depth, inner = 0, t
while inner do depth, inner = depth + 1, inner.x end
print(depth, t.y, t.x.x.x.x.y)

-- What is not reached is not evaluated.
log = {}
local no = false
print(no and f(1, f(2, f(3, f(4, f(5, f(6, f(7, f(8, f(9, f(10, f(11, f(12, f(13, f(14, f(15, f(16, f(17, f(18, 1)))))))))))))))))))
print(#log)
while no or f(1, f(2, f(3, f(4, f(5, f(6, f(7, f(8, f(9, f(10, f(11, f(12, f(13, f(14, f(15, f(16, f(17, f(18, #log < 40)))))))))))))))))) do
end
print(#log)

-- Names and lines in errors.
local a = {} a.a = a
print(pcall(function() return a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b.c.d end))
local o = {} function o:m() return self end
print(pcall(function() return o:m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():missing() end))
print(o:m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m():m() == o)

-- In a coroutine the parts are kept while it waits.
local co = coroutine.wrap(function(...)
  local function g(value) return value .. coroutine.yield(value) end
  return g("a" .. g("b" .. g("c" .. g("d" .. g("e" .. g("f" .. g("g" .. g("h" .. g("i" .. g("j" .. g("k" .. g("l" .. g("m"
    .. g("n" .. g("o" .. g("p" .. g("q" .. g("r" .. ...))))))))))))))))))
end)
local value = co("s")
for _ = 1, 18 do value = co("!") end
print(value)
