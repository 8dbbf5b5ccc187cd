-- 1.4, 2.13: blocks, conditions, loops, goto, break, assignment
local function list(...) print(table.concat({ ... }, " ")) end
do local a = 1; do local a = 2; print(a) end print(a) end
if nil then print(1) elseif false then print(2) elseif 0 then print("zero is true") else print(3) end
if "" then print("empty is true") end
local n = 0
while n < 3 do n = n + 1 if n == 2 then break end end print(n)
repeat local done = n > 4; n = n + 1 until done print(n)
while true do break; end
for i = 1, 3 do break print(i) end
for i = 3, 1 do error("never") end
for i = 1, 3 do local j = i; i = i * 10; list(j, i) end
for i = 10, 1, -4 do io.write(i, " ") end print()
for i = 1.0, 3 do io.write(i, " ") end print()
for i = 1, 2, 0.25 do io.write(i, " ") end print()
for i = 1, 0.5 do error("never") end
for i = 1, 3.9 do io.write(i, " ") end print()
for i = -1, -3.5, -1 do io.write(i, " ") end print()
for i = 1, math.huge do if i > 3 then break end io.write(i, " ") end print()
for i = 1, -math.huge, -1 do if i < -3 then break end io.write(i, " ") end print()
for i = 1, 0 / 0 do error("never") end
for i = math.mininteger, math.mininteger + 2 do io.write(i, " ") end print()
for i = 3, 1, 1 do error("never") end
for i = 1, 3, 5 do io.write(i, " ") end print()
for i = 0.1, 0.35, 0.1 do io.write(i, " ") end print()
local function bounds(...) io.write("bounds ") return ... end
for i = bounds(1), bounds(2), bounds(1) do io.write(i, " ") end print()
for i = bounds(3, 9) , 4 do io.write(i, " ") end print()
local fs = {}
for i = 1, 3 do fs[i] = function() i = i + 1 return i end end
list(fs[1](), fs[1](), fs[2](), fs[3]())
-- generic for
for k, v in next, { 10 } do list(k, v) end
for i, v in ipairs({ "a", "b", nil, "d" }) do list(i, v) end
local function range(n) return function(s, c) if c < s then return c + 1, c * c, "extra" end end, n, 0 end
for i, sq, x, none in range(3) do list(i, sq, x, tostring(none)) end
for i in range(2) do local j = i; i = nil; io.write(j, " ") end print()
local calls = 0
for _ in (function() calls = calls + 1; return next, {} end)() do end print(calls)
local callable = setmetatable({}, { __call = function(self, s, c) c = (c or 0) + 1 if c <= s then return c end end })
for i in callable, 3 do io.write(i, " ") end print()
for w in ("the quick fox"):gmatch("%a+") do io.write(w, ".") end print()
for i = 1, 3 do for j = 1, 3 do if j == 2 then goto next_i end list(i, j) end ::next_i:: end
for i = 1, 5 do if i % 2 == 1 then goto continue end io.write(i, " ") ::continue:: end print()
do local i = 1 ::top:: io.write(i, " ") i = i + 1 if i < 4 then goto top end print() end
do goto skip; do error("skipped") end ::skip:: end
do
  local k = 0
  ::a:: k = k + 1
  if k == 1 then goto b elseif k == 3 then goto c else goto a end
  ::b:: io.write("b ") goto a
  ::c:: io.write("c ")
  print(k)
end
while true do while true do break end break end
for i = 1, 2 do repeat if i == 1 then break end io.write("two ") until true end print()
-- multiple assignment
local a, b, c = 1
list(tostring(a), tostring(b), tostring(c))
a, b, c = 1, 2, 3, 4
a, b = b, a list(a, b, c)
local function two() return 1, 2 end
a, b, c = two() list(a, b, tostring(c))
a, b, c = two(), 10 list(a, b, tostring(c))
a, b, c = 0, two() list(a, b, c)
a, b, c = (two()) list(a, tostring(b), tostring(c))
local t = {}
local i = 1
i, t[i] = i + 1, 20 list(i, t[1])
a, a = 1, 2 list(a)
local log = {}
local proxy = setmetatable({}, { __newindex = function(_, k, v) log[#log + 1] = k .. "=" .. v end })
proxy.x, proxy.y, proxy.z = 1, 2, 3 list(table.unpack(log))
t = { 1, 2, 3 }
t[1], t[2], t[3] = t[3], t[1], t[2] list(table.unpack(t))
local q = { n = 1 }
q, q.n = { n = 5 }, 9 list(q.n)
g1, g2 = 7 list(g1, tostring(g2), tostring(_G.g1), tostring(rawget(_G, "g2")))
function gf(x) return x * 2 end list(gf(4), _G.gf(5))
local m = { sub = { sub = {} } }
function m.f(x) return x end
function m.sub.g(x) return x + 1 end
function m.sub.sub:h(x) return self == m.sub.sub, x end
list(m.f(1), m.sub.g(1), tostring(m.sub.sub:h(1)))
local function r() return end
list(select("#", r()), select("#", (r())))
-- A step of zero: never where start < limit, else for ever; steps and bounds of both subtypes.
do
  for i = 1, 2, 0 do error("never") end
  for i = 1.0, 2.0, 0 do error("never") end
  local turns = 0
  for i = 2, 1, 0 do turns = turns + i if turns >= 6 then break end end print(turns)
  for i = 1, 1, 0.0 do turns = turns + i if turns >= 9 then break end end print(turns)
  for i = 1, 1, -0.0 do turns = turns + 1 if turns >= 12 then break end end print(turns)
  for i = 1, 3, 1.0 do io.write(i, math.type(i), " ") end print()
  for i = 1.0, 3 do io.write(i, math.type(i), " ") end print()
  for i = 1, 3.0, 1 do io.write(i, math.type(i), " ") end print()
  for i = 3, 1.5, -1 do io.write(i, " ") end print()
  for i = -1, -1.5, -1 do io.write(i, " ") end print()
  for i = 0 / 0, 1 do error("never") end
  for i = 1.0, 2, 0 / 0 do error("never") end
  for i = 1, -math.huge do error("never") end
  for i = 1, math.huge, -1 do error("never") end
  for i = math.maxinteger, math.maxinteger - 2, -1 do io.write(i, " ") end print()
  for i = math.mininteger, math.mininteger + 4, 2 do io.write(i, " ") end print()
  for i = 2 ^ 53, 2 ^ 53 + 2 do io.write(i, " ") if i == 2 ^ 53 then break end end print()
  -- The variables of the loop are the body's own: neither bounds nor steps see them change.
  local limit, step = 3, 1
  for i = 1, limit, step do limit, step = 10, 5 io.write(i, " ") end print(limit, step)
  local i = "outer"
  for i = 1, 2 do local i = i * 2 io.write(i, " ") end print(i)
  -- The condition of `repeat` sees the locals of its body, also through a closure.
  local n, seen = 0, {}
  repeat local own = n * 10 n = n + 1 seen[n] = function() own = own + 1 return own end until own >= 20
  print(n, seen[1](), seen[1](), seen[2](), seen[3]())
  -- One of the results of the iterator decides: false goes on, nil ends.
  local values = { true, false, 0, nil, "never" }
  local at = 0
  for v in function() at = at + 1 return values[at] end do io.write(tostring(v), " ") end print(at)
  for a, b, c in function(_, k) if not k then return 1 end end do print(a, b, c) end
end
do return print("the end") end
