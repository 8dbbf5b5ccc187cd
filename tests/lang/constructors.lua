-- 2.8, 2.9, 2.10: tables, constructors, length, indexing
local function sorted(t)
  local keys = {}
  for k, v in pairs(t) do keys[#keys + 1] = tostring(k) .. "=" .. tostring(v) end
  table.sort(keys)
  print(#t, table.concat(keys, " "))
end
local function three() return 1, 2, 3 end
local function none() end
sorted({}) sorted({ 1, 2, 3 }) sorted({ 1, 2, 3, }) sorted({ 1; 2; 3; }) sorted({ x = 1, ["y z"] = 2, [10] = 3, [1.5] = 4, [true] = 5 })
sorted({ three() }) sorted({ three(), three() }) sorted({ (three()) }) sorted({ none() }) sorted({ none(), 1 }) sorted({ three(), x = 1 }) sorted({ x = 1, three() }) sorted({ [1] = "k", "p" }) sorted({ "p", [1] = "k" }) sorted({ 1, 2, [1] = "x" })
sorted({ nil, 2 }) sorted({ f = function() end and 1, [("a"):rep(3)] = 1, [#"ab"] = "two" }) sorted({ a = nil, b = 1 })
print(#{ 1, 2, nil, 4 }, #{ nil, nil, 3 }, #{ n = 1 }, #"", #"abc", #{ {}, {} })
local t = { { { 1 } } }
print(t[1][1][1], #t, #t[1], ({ 5 })[1], ({ x = 6 }).x, ("abc"):len(), #("x"):rep(5), (("x")))
t = {}
t.x = 1; t["y"] = 2; t[1] = 3; t[1.0] = 4; t[-1] = 5; t[0] = 6; t[true] = 7; t[t] = 8; t[print] = 9
print(t.x, t.y, t[1], t[-1], t[0], t[true], t[t], t[print], t[nil], t[0 / 0], t.none, t[false])
for i = 1, 100 do t[i] = i end print(#t)
for i = 100, 51, -1 do t[i] = nil end print(#t)
t[#t + 1] = "new" print(#t, t[51])
t[1e6] = 1 t[1e15] = 2 print(t[1000000], t[10 ^ 15 | 0])
local big = {}
for i = 1, 1000 do big[i] = i * i end
for i = 1, 1000, 2 do big[i] = nil end
local n = 0
for _ in pairs(big) do n = n + 1 end print(n)
for k in pairs(big) do big[k] = nil end print(next(big))
print(next({})) print(next({ 10, 20 }, 1)) print(next({ 10 }, 1)) print(pcall(next, {}, "none"))
print(rawlen({ 1, 2 }), rawlen("abc"), rawget({ 5 }, 1), rawset({}, "a", 1).a, rawequal(t, t), rawequal("a", "a"), rawequal(1, 1.0), rawequal({}, {}))
print(pcall(rawset, {}, nil, 1)) print(pcall(rawset, {}, 0 / 0, 1)) print(pcall(rawlen, 5)) print(pcall(rawget, 5, 1)) print(pcall(rawset, {}, 1)) print(pcall(rawget, {}))
print(select("#", table.unpack({}, 1, 3)), (table.unpack({ 1, 2 })), table.unpack({ 1, 2, 3 }, 2), table.unpack({ 1, 2 }, 2, 1))
print(pcall(function() local u; return u.x end)) print(pcall(function() local u; u.x = 1 end)) print(pcall(function() return (5).x end)) print(pcall(function() return (nil)[1] end))
print(("x").len, ("x").none, pcall(function() ("x").y = 1 end))
print(#t, type(t), t == t, {} == {}, t ~= {})
-- insertion while walking: assigning nil or to existing fields is allowed
local w = {}
for i = 1, 50 do w["k" .. i] = i end
local seen = 0
for k, v in pairs(w) do w[k] = nil; seen = seen + v end
print(seen, next(w))
local list
for i = 1, 100000 do list = { next = list, value = i } end
local sum = 0
while list do sum = sum + list.value; list = list.next end
print(sum)
-- Positional items are stored fifty at a time: a key behind that many wins over them, one before does not.
local late = tostring(1) .. " late"
print(({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, [1] = late, [49] = late })[1], ({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, [1] = late, [49] = late })[49])
print(({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, [1] = late, [50] = late })[1], ({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, [1] = late, [50] = late })[50])
print(({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, [1] = late, [51] = late })[1], ({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, [1] = late, [51] = late })[51])
print(({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, [1] = late, [100] = late })[1], ({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, [1] = late, [100] = late })[100])
print(({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, [1] = late, [101] = late })[1], ({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, [1] = late, [101] = late })[101])
local mixed = { [2] = late, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, [50] = late, 51, [51] = late, last = late, 52 }
print(mixed[2], mixed[50], mixed[51], mixed[52], #mixed)
