-- 2.2, 2.5: every arithmetic operator over both subtypes, and the edges
local function show(...)
  local out = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    out[#out + 1] = (math.type(v) or type(v)):sub(1, 1) .. ":" .. tostring(v)
  end
  print(table.concat(out, "  "))
end
local max, min = math.maxinteger, math.mininteger
local values = { 0, 1, -1, 2, -2, 3, 7, -7, 10, max, min, max - 1, min + 1, 2 ^ 53 | 0, 0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 7.25, 1e15, 1e16, -1e100, 2 ^ 63, -2 ^ 63, 1 / 0, -1 / 0, 0x7fffffff, 4294967296 }
local operators = {
  { "+", function(a, b) return a + b end }, { "-", function(a, b) return a - b end }, { "*", function(a, b) return a * b end },
  { "/", function(a, b) return a / b end }, { "%", function(a, b) return a % b end }, { "//", function(a, b) return a // b end },
  { "^", function(a, b) return a ^ b end }, { "&", function(a, b) return a & b end }, { "|", function(a, b) return a | b end },
  { "~", function(a, b) return a ~ b end }, { "<<", function(a, b) return a << b end }, { ">>", function(a, b) return a >> b end },
  { "==", function(a, b) return a == b end }, { "~=", function(a, b) return a ~= b end }, { "<", function(a, b) return a < b end },
  { "<=", function(a, b) return a <= b end }, { ">", function(a, b) return a > b end }, { ">=", function(a, b) return a >= b end },
}
for _, entry in ipairs(operators) do
  local name, f = entry[1], entry[2]
  for _, a in ipairs(values) do
    local out = {}
    for _, b in ipairs(values) do
      local ok, v = pcall(f, a, b)
      if v ~= v then v = "nan" end
      out[#out + 1] = tostring(v)
    end
    print(name, a, table.concat(out, " "))
  end
end
for _, a in ipairs(values) do
  local ok, flipped = pcall(function() return ~a end)
  print(a, -a, flipped, a == a // 1, math.type(-a))
end
-- literals: folded or not, the same
show(7 // 2, -7 // 2, 7 // -2, -7 // -2, 7.0 // 2, -5.5 // 1, 5 // 0.5, 5 // 0.0, -5 // 0.0)
show(7 % 3, -7 % 3, 7 % -3, -7 % -3, 7 % 3.0, 5.5 % 2, -5.5 % 2, 5 % math.huge, -5 % math.huge, 5 % -math.huge)
show(1 + 1, 1 + 1.0, 2 * 3, 2 * 3.0, 10 / 2, 2 ^ 2, 3 - 5, -5, -5.0, - -5, -(-5), 0 - 0.0)
show(max + 1 == min, min - 1 == max, max * 2, -min == min, min // -1, min % -1, max + 1.0, max // 1 | 0)
show(1 << 62, 1 << 63, 1 << 64, 1 << -1, -1 >> 1, -1 >> 63, -1 >> 64, 1 >> -1, 2 << 1.0, 3.0 & 1)
show(2 ^ -3, -2 ^ 2, 2 ^ 3 ^ 2, 1 << 2 + 1, 1 | 2 ~ 3 & 4, 7 & 3 << 1, 2 * 3 % 4 // 1, -3 ^ 2, (-3) ^ 2)
show(not nil == true, 1 .. 2 .. 3, 1 < 2 == true, #"ab" .. "c", -"2", - - "3", "10" + 5, "0x10" + 0, " 10 " * 2, "1e1" * 1, 10 .. "")
show("10" // 3, "3" & 1, "7" // "2", "1.5" + 1, "0xFFFFFFFFFFFFFFFF" + 0, "9223372036854775807" + 0, "9223372036854775808" + 0)
show(1 == 1.0, 0.0 == -0.0, max == max + 0.0, max + 0.0 == 2 ^ 63, min == -2 ^ 63, (2 ^ 53 | 0) + 1 == 2 ^ 53, 1 < 1.5, max < 2 ^ 63, max + 1.0 > max)
show("a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c", "abc" < "abd", "Z" < "a", "10" < "9", "a" <= "a", "b" >= "a")
local nan = 0 / 0
show(nan == nan, nan ~= nan, nan < nan, nan <= nan, nan > 1, 1 < nan, not (nan < 1), rawequal(nan, nan))
-- short circuits keep values
show(nil and 1, false and 1, 1 and 2, nil or 1, false or nil, 1 or error("not run"), nil and error("not run"), false or false)
local function t(v) io.write(tostring(v), " ") return v end
print(t(1) and t(2) or t(3), t(nil) and t(2) or t(3), t(false) or t(nil) and t(4), (t(1) or t(2)) and t(3))
print(t(1) < t(2) and t(2) < t(3) == true, not t(nil) and not t(false))
-- precedence beside what stands above
print(3 | 4 .. "", 5 & 3 == 1, 1 .. 2 == "12", 2 * 3 .. 4, 1 + 2 < 4, not 1 == 2, -2 ^ -2, ~5 & 3, 2 ^ -1 * 4, 1 << 1 .. "", 7 // 2 * 2, 6 - 2 - 1, 2 .. 3 .. 4 == "234", 1 or error() and nil, nil and nil or false == false)
-- shifts by anything, in both directions
do
  local out = {}
  for _, n in ipairs({ 0, 1, 31, 32, 62, 63, 64, 65, 1000, max, -1, -63, -64, -65, -1000, min, 2.0, "3" }) do
    for _, v in ipairs({ 1, -1, max, min, 0x123456789 }) do out[#out + 1] = (v << n) .. "/" .. (v >> n) end
  end
  print(table.concat(out, " "))
end
-- floats that are integers, or just not
for _, v in ipairs({ 2 ^ 53, 2 ^ 62, 2 ^ 63 - 1024, -2 ^ 63, 2 ^ 63, -2 ^ 63 - 2048, 1e308, 0.1, -0.0, "0x10", "1e2", "1e100", " 7 ", "7.5", math.huge, -math.huge }) do
  print(v, pcall(function() return v | 0 end))
  print(pcall(function() return v // 1 end))
  print(math.tointeger(v), pcall(string.format, "%d", v))
end
print(pcall(function() return nan | 0 end)) print(pcall(function() return 1 // 0 end)) print(pcall(function() return 1 % 0 end)) print(1 // 0.0, -1 // 0.0, 1 % math.huge, -1 % math.huge, 1 % -math.huge, -1 % -math.huge, 0.0 // 1, -0.0 // 1, 5.3 % -2, -5.3 % 2)
print(min // -1, min % -1, min // 1, max // -1, max * max, min * min, min * -1, max + max, min + min, -min, 3 // -2, -3 // 2, 3 % -2, -3 % 2, -4 % 2, 4 % -2, 0 % -5, -0.0 % 5)
print(max < max + 0.0, max <= max + 0.0, max == max + 0.0, min <= -2 ^ 63, min < -2 ^ 63, min >= -2 ^ 63, max > 2 ^ 63, max >= 2 ^ 63, (2 ^ 53 | 0) + 1 > 2 ^ 53, (2 ^ 53 | 0) + 1 <= 2 ^ 53, max < math.huge, min > -math.huge, max < nan, nan < max, max >= nan)
print("a" < "a\0", "a\0" < "a", "\xff" < "a", "é" < "z", "" < "\0", "a\0b" == "a\0b", "a\0b" == "a\0c", "a" .. "\0" == "a\0")
