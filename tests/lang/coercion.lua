-- 2.3, 2.4: numbers to strings and strings to numbers
local function try(f, ...) local r = table.pack(pcall(f, ...)) for i = 1, r.n do r[i] = tostring(r[i]) end print(table.concat(r, " ")) end
for _, v in ipairs({ 0, -0.0, 1, 1.0, -1.5, 100, 1e14, 1e15, 1e16, 1e99, 123456.789, 1 / 3, 0.1 + 0.2, 2 ^ 31, 2 ^ 53, 2 ^ 63, -2 ^ 63, 1e-5, 1e-4, 12345678901234567890, math.pi, -math.huge, math.huge, 5e-324, 1.7976931348623157e308 }) do
  print(v, tostring(v), v .. "", ("%s"):format(v), table.concat({ v }))
end
local texts = { "10", "0x10", " 10 ", "10 x", "", " ", "1e1", "1e", ".5", "5.", ".", "0x", "0x.8p1", "0x1p", "-3", "- 3", "--3", "+3", "+-3", "inf", "nan", "0b1", "1_0", "010", "1e400", "0xfffffffffffffffff",
  "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "\t1\n", "\v1\f", "1\0", "1 2", "0x-1", "-0x10", "1e+5", "1E-2", "0X1P+3", "1.5.2", "１" }
for _, s in ipairs(texts) do
  print(("%q"):format(s), tonumber(s), math.type(tonumber(s)), pcall(function() return s + 0 end))
  print((pcall(function() return s // 1 end)), (pcall(function() return -s end)), (pcall(function() return s | 0 end)))
end
for base = 2, 36, 7 do
  print(base, tonumber("10", base), tonumber("zz", base), tonumber("-11", base), tonumber(" 1 ", base), tonumber("1.0", base), tonumber("", base), tonumber("ffffffffffffffffff", base))
end
print(tonumber("7fffffffffffffff", 16), tonumber("ffffffffffffffff", 16), tonumber("1e1", 16), tonumber("8", 8), tonumber("Z", 36), tonumber("- 1", 10))
print(tonumber(5), tonumber(5.5), tonumber(nil), tonumber({}), tonumber(true), tonumber(print))
try(tonumber); try(tonumber, 5, 10); try(tonumber, "5", 1); try(tonumber, "5", 37); try(tonumber, "5", "x"); try(tonumber, {}, 10)
print(1 .. "", 1.5 .. "x", -1 .. 2, 1 .. 2.0, 2 ^ 63 .. "", "a" .. 1 + 2 .. "b")
try(function() return 1 .. nil end); try(function() return {} .. "x" end); try(function() return "x" .. true end)
print("1" == 1, 0 == "0", "1" < "2", pcall(function() return 1 < "2" end))
for i = "1", "3" do io.write(i, math.type(i), " ") end print()
for i = 1, "2.5", "0.5" do io.write(i, " ") end print()
print(("x"):rep("3"), ("hello"):sub("2", "3"), string.char("65"), math.floor("3.7"), ("5"):rep(2.0))
try(string.rep, "x", 1.5); try(string.sub, "x", "1.5"); try(string.char, 1.5); try(math.floor, "x"); try(string.rep, "x", "y")
print(#tostring(12345), tostring(-7), tostring("x"), tostring(nil), tostring(false), 10 == 10.0, "10" == 10)
local t = {}
t[1] = "a"; t[1.0] = "b"; t["1"] = "c"; t[2 ^ 53] = "d"; t[-0.0] = "e"; t[1.5] = "f"
print(t[1], t["1"], t[2 ^ 53 | 0], t[0], t[1.5], #t)
for k in pairs({ [3.0] = 1 }) do print(k, math.type(k)) end
print(math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger("x"), math.tointeger(2 ^ 63), math.tointeger({}))
print(string.format("%d %s %s", "10", 10.0, 1e15), 7 // 1.0, 2^2, 10 // 2, 1e3, -1e3 | 0)
-- NaN shows its sign as C does
print(0 / 0, -(0 / 0))
do
  local zero = 0
  print(zero / zero, -(zero / zero), tostring(zero / zero), ("%f %g %.1f"):format(zero / zero, -(zero / zero), 1 / zero), 1 / -0.0, 1 / (zero * -1.0))
end
-- fourteen digits
for _, v in ipairs({ 123456789012345.0, 1234567890123.5, 0.1 + 0.7, 1e14 + 0.5, 99999999999999.9, 999999999999999.0, 1e-4, 0.00012345678901234567, 1.5e300, -1e15, 3.14159265358979, 100.0, 1e2, 12345.678e-10, 2 ^ 24, 2 ^ 46, 2 ^ 47 + 0.5 }) do print(v, -v, v .. "|") end
-- strings as operands keep or lose their subtype
for _, s in ipairs({ "10", "10.0", "0x10", "1e1", " 5", "5 ", "\t5\n", "-7", "-0", "-0.0", "0x7fffffffffffffff", "9223372036854775808", "1e308" }) do
  local r = {} for _, f in ipairs({ function() return s + 1 end, function() return s * "2" end, function() return -s end, function() return s / 2 end, function() return s % 3 end, function() return s // 3 end, function() return s ^ 2 end, function() return s & 7 end, function() return ~s end, function() return s << 1 end, function() return 1 - s end }) do
    local ok, v = pcall(f) r[#r + 1] = tostring(v) .. (math.type(v) == "float" and "f" or "")
  end
  print(("%q"):format(s), table.concat(r, " "))
end
try(function() return "a" + "b" end) try(function() return "1" + "b" end) try(function() return "" + 1 end) try(function() return " " * 1 end) try(function() return "0x" + 1 end) try(function() return -"abc" end) try(function() return "1" < 2 end) try(function() return 2 <= "1" end) try(function() return "10" .. 1 + 1 end)
try(string.rep, "x", "0x2") try(string.rep, "x", " 2 ") try(string.rep, "x", "2.0") try(string.rep, "x", "2.5") try(string.rep, "x", "1e1") try(string.sub, "hello", 2.0, "4") try(string.byte, "abc", "-1") try(math.max, "10", "9") try(math.max, "10", 9) try(math.max, 9, "10") try(math.min, "b", 1) try(math.sqrt, "16") try(math.abs, "-3") try(math.abs, "-3.0") try(math.floor, "-3.5") try(table.concat, { 1, 2 }, 0) try(table.concat, { 1, 2, 3 }, ",", "2", "3") try(select, "2", "a", "b") try(select, "-1", "a", "b") try(string.format, "%d", "0x10") try(string.format, "%d", "3.0") try(string.format, "%.1f", "0x.8") try(string.format, "%5s", 1.0) try(tonumber, "10", "16") try(tonumber, 10, 16) try(utf8.char, "65") try(table.unpack, { 1, 2, 3 }, "2", "3.0")
