-- 4.4: the table library, metamethods included
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = type(r[i]) == "table" and "table" or tostring(r[i]) end print(table.concat(r, " | ")) end
local function show(t) local o = {} for i = 1, #t do o[i] = tostring(t[i]) end print(#t, table.concat(o, " ")) end
local t = { 1, 2, 3 }
table.insert(t, 4) show(t) table.insert(t, 1, 0) show(t) table.insert(t, #t + 1, "end") show(t) table.insert(t, 3, "mid") show(t)
print(table.remove(t), table.remove(t, 1), table.remove(t, 2)) show(t) print(table.remove(t, #t + 1), table.remove({}), table.remove({}, 0), table.remove({ 1 }, 1), table.remove({ n = 1 }, 0), table.remove({}, nil)) show(t)
try(table.insert) try(table.insert, 1, 2) try(table.insert, {}) try(table.insert, {}, 1, 2, 3) try(table.insert, {}, 0, 1) try(table.insert, {}, 2, 1) try(table.insert, { 1 }, 3, 1) try(table.insert, {}, "x", 1) try(table.insert, {}, 1.5, 1) try(table.insert, {}, nil, 1) try(table.insert, nil, 1) try(table.insert, {}, "1", 1)
try(table.remove) try(table.remove, {}, 2) try(table.remove, { 1, 2 }, 4) try(table.remove, { 1, 2 }, 0) try(table.remove, { 1, 2 }, -1) try(table.remove, { 1 }, "x") try(table.remove, "x") try(table.remove, { 1, 2 }, 1.5)
print(table.concat({}), table.concat({ 1, 2.5, "x" }), table.concat({ 1, 2, 3 }, ", "), table.concat({ 1, 2, 3 }, "-", 2), table.concat({ 1, 2, 3 }, "-", 2, 3), table.concat({ 1, 2, 3 }, "-", 3, 2), table.concat({ 1, 2 }, 0), table.concat({ 1, 2, 3 }, nil, 2), table.concat({ [5] = "a", [6] = "b" }, ",", 5, 6))
try(table.concat) try(table.concat, { {} }) try(table.concat, { 1, nil, 3 }, ",", 1, 3) try(table.concat, { true }) try(table.concat, {}, {}) try(table.concat, {}, ",", "x") try(table.concat, 5) try(table.concat, { 1 }, ",", 1, 2) try(table.concat, { print }) try(table.concat, {}, ",", 1, math.maxinteger)
for _, list in ipairs({ {}, { 1 }, { 3, 1, 2 }, { 5, 5, 5 }, { "b", "a", "C" }, { 3.5, 1, 2 ^ 53, -1, 0.5 }, { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 } }) do table.sort(list) show(list) table.sort(list, function(a, b) return a > b end) show(list) end
local many = {} local x = 7 for i = 1, 500 do x = (x * 1103515245 + 12345) % 2147483648 many[i] = x end table.sort(many) local ok = true for i = 2, 500 do ok = ok and many[i - 1] <= many[i] end print(ok, many[1], many[500])
local words = {} for w in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = w end table.sort(words, function(a, b) if #a ~= #b then return #a < #b end return a < b end) show(words)
try(table.sort) try(table.sort, { 1, "x" }) try(table.sort, { {}, {} }) try(table.sort, { 1, 2 }, 5) try(table.sort, { 3, 2, 1 }, function() error("cmp", 0) end) try(table.sort, { 1, 2, 3 }, nil) try(table.sort, { true, false }) try(table.sort, { 1, nil, 3 })
try(table.sort, { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, function() return true end)
print(table.unpack({ 1, 2, 3 })) print(table.unpack({ 1, 2, 3 }, 2)) print(table.unpack({ 1, 2, 3 }, 2, 3)) print(table.unpack({}, 1, 2)) print(table.unpack({ 1 }, 2)) print(table.unpack({ 1, 2 }, -1, 1)) print(select("#", table.unpack({}, 1, 100))) print(table.unpack({ 1, 2 }, "1", "2"))
try(table.unpack) try(table.unpack, 5) try(table.unpack, {}, "x") try(table.unpack, {}, 1, 1e8) try(table.unpack, {}, 1, 1000000) try(table.unpack, {}, 1, 999980) print(select("#", table.unpack({}, 1, 999000))) try(table.unpack, {}, 1, {}) try(table.unpack, {}, math.mininteger, math.maxinteger) print(table.unpack({}, math.maxinteger, math.maxinteger)) print(pcall(table.unpack, "abc"))
local p = table.pack() print(p.n, #p) p = table.pack(1, nil, 3, nil) print(p.n, p[1], p[2], p[3], p[4])
show(table.move({ 1, 2, 3 }, 1, 3, 2)) show(table.move({ 1, 2, 3 }, 2, 3, 1)) show(table.move({ 1, 2, 3 }, 1, 3, 1, {})) show(table.move({ 1, 2, 3 }, 1, 0, 5)) show(table.move({ 1, 2 }, 1, 2, 3, { "a", "b" })) show(table.move({ 1, 2, 3 }, 1, 3, 3))
try(table.move) try(table.move, {}, 1, 2) try(table.move, {}, "x", 1, 1) try(table.move, {}, 1, math.maxinteger, 2) try(table.move, {}, -1, math.maxinteger, 2) try(table.move, {}, 1, 2, 3, 4) try(table.move, {}, math.mininteger, 0, 1) try(table.move, 1, 1, 1, 1)
-- metamethods are honoured
local log
local function proxy(store)
  return setmetatable({}, { __index = function(_, k) log[#log + 1] = "r" .. tostring(k) return store[k] end, __newindex = function(_, k, v) log[#log + 1] = "w" .. tostring(k) store[k] = v end, __len = function() log[#log + 1] = "#" return #store end })
end
local function logged(name, f, store, ...) log = {} local r = table.pack(pcall(f, proxy(store), ...)) for i = 1, r.n do r[i] = type(r[i]) == "table" and "table" or tostring(r[i]) end print(name, table.concat(r, " "), table.concat(log, " ")) show(store) end
logged("insert", table.insert, { 1, 2, 3 }, "x") logged("insert", table.insert, { 1, 2, 3 }, 2, "x") logged("remove", table.remove, { 1, 2, 3 }) logged("remove", table.remove, { 1, 2, 3 }, 1) logged("concat", table.concat, { 1, 2, 3 }, ",") logged("unpack", table.unpack, { 1, 2, 3 }) logged("move", table.move, { 1, 2, 3 }, 1, 2, 3)
print(pcall(table.insert, setmetatable({}, { __len = function() return "x" end }), 1)) print(pcall(table.insert, setmetatable({}, { __len = function() return 1.5 end }), 1)) print(#setmetatable({}, { __len = function() return "any" end }), table.concat(setmetatable({}, { __len = function() return 2 end, __index = function(_, k) return k * 10 end }), ","))
print(pcall(table.concat, setmetatable({}, { __index = function() return "v" end, __len = function() return 3 end }))) print(pcall(table.unpack, setmetatable({}, { __index = function(_, k) return k end }), 1, 3))
local fake = setmetatable({}, { __index = {}, __len = function() return 0 end }) print(pcall(table.insert, fake, 1), rawlen(fake)) print(pcall(ipairs)) print(pcall(ipairs, nil))
for i, v in ipairs(setmetatable({}, { __index = function(_, k) if k < 4 then return k * k end end })) do io.write(i, "=", v, " ") end print()
for k, v in pairs(setmetatable({}, { __pairs = function(t) return function(_, k) k = (k or 0) + 1 if k < 3 then return k, "v" .. k end end, t, nil end })) do io.write(k, v, " ") end print()
print(pcall(pairs)) print(pcall(pairs, nil)) print(pcall(pairs, 5)) print(type(pairs({})), select("#", pairs({})), select(3, ipairs({})))
table.extra = 1 print(table.extra) table.extra = nil
