-- What the compiler or the runtime takes a shorter way for answers as the long way does.

-- `select` of a function's own varargs.
local function picked(...)
  local all = {}
  for i = 1, select("#", ...) do all[i] = tostring((select(i, ...))) end
  return table.concat(all, " "), select("#", ...), (select(-1, ...)), select(2, ...)
end
print(picked(1, nil, "x"))
print(pcall(picked))
print(picked(nil))
local function at(i, ...) return select(i, ...) end
local function one(i, ...) local value = select(i, ...) return value end
print(at(2, "a", "b", "c")) print(at("2", "a", "b", "c")) print(at(2.0, "a", "b")) print(at(9, 1)) print(at(-2, 1, 2, 3)) print(at("#")) print(at("#x", 1, nil))
print(one(2, "a", "b", "c"), one(9, 1), one(-2, 1, 2, 3), one("#", nil, nil))
for _, index in ipairs({ 0, -4, "x", 1.5, {}, false }) do
  print(pcall(at, index, 1, 2, 3)) print(pcall(one, index, 1, 2, 3))
end
print(pcall(at)) print(pcall(select)) print(pcall(select, "#"))
local step = coroutine.wrap(function(...)
  for i = 1, select("#", ...) do coroutine.yield(select(i, ...)) end
  return "end", (select(coroutine.yield("which"), ...))
end)
print(step(1, 2, 3)) print(step()) print(step()) print(step()) print(step(3))
-- Changed in between, it is another function.
local function own(...) local select = function(i, ...) return i, "mine" end return select(1, ...) end
print(own("a"))

-- `utf8.codes`.
for position, code in utf8.codes("aé€😀\0z") do io.write(position, ":", code, " ") end print()
for position in utf8.codes("é€") do io.write(position, " ") end print()
for position, code, more in utf8.codes("é") do print(position, code, more) end
for _ in utf8.codes("") do print("never") end
for _, text in ipairs({ "ab\xff", "\x80", "a\xc3", "é\x80", "\xe2\x82", "ab\xc3\xa9\xa9", "\xf4\x90\x80\x80", "\xc0\x80" }) do
  local seen = {}
  print(pcall(function() for position, code in utf8.codes(text) do seen[#seen + 1] = position .. "=" .. code end end))
  print(table.concat(seen, " "))
end
local iterator, text, control = utf8.codes("xyz")
print(type(iterator), text, control, iterator(text, 1))
for position, code in iterator, "éa", 0 do io.write(position, ":", code, " ") end
for position, code in iterator, "éa", 1 do io.write(position, ":", code, " ") end
for position, code in iterator, 12, 0 do io.write(position, ":", code, " ") end print()

-- Letters in texts of every length.
local letters = "The Quick Brown Fox, [JUMPS] over `the` lazy {dog} 0123456789 \0\xe9\xff@Z"
for length = 0, #letters do
  local part = letters:sub(1, length)
  local upper, lower, reverse = part:upper(), part:lower(), part:reverse()
  for i = 1, length do
    local c = part:sub(i, i)
    assert(upper:sub(i, i) == c:upper() and lower:sub(i, i) == c:lower() and reverse:sub(-i, -i) == c)
  end
  if length % 8 == 0 then print((upper .. lower .. reverse):byte(1, -1)) end
end

-- Floats as text.
for _, float in ipairs({ 1.5, 0.1, 1 / 3, 1e13, 1e14, 1e15, 123456789012345.0, 12345678901234.5, 99999999999999.5, 1e-4, 1e-5, 0.00012345, 1e100, 5e-324, 0.0, -0.0, 1e300 * 1e10, 2 ^ 53, 2 ^ 63, 0.5, 100.0, 120000.25, 9.99999999999995, 9.999999999999995, 0.99999999999999999 }) do
  io.write(float, " ", -float, " ", tostring(float), " ", ("%g %.3g %.0g %#g %.20g %#.3g"):format(float, float, float, float, float, float), "\n")
end

-- Globals: some, many, and those that a computed name makes.
count = 0
function bump(by) count = count + (by or 1) return count end
for i = 1, 10 do bump(i) end
print(count, _G.count, rawget(_G, "count"), bump(), _ENV.count)
count = nil print(count, pcall(bump))
for i = 1, 300 do _G["made" .. i] = i end
print(made1, made300, made301, _G.bump == bump)
local names = 0 for name in pairs(_G) do if name:match("^made") then names = names + 1 end end print(names)
count = "again" print(count, arg ~= nil, _G._G == _G, select("#", arg))
setmetatable(_G, { __index = function(_, name) return "no " .. name end, __newindex = function(t, name, value) rawset(t, name, value + 1) end })
print(absent, made2) fresh = 1 made2 = 5 print(fresh, made2)
