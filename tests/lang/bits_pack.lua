-- 4.3, 4.10: string.pack and utf8
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = type(r[i]) == "string" and ("%q"):format(r[i]) or tostring(r[i]) end print(table.concat(r, " | ")) end
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
for _, f in ipairs({ "b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "T", "i1", "i2", "i3", "i5", "i8", "i16", "I1", "I3", "I7", "I8", "I16", "<i4", ">i4", "=i4", ">i8", "<I2", ">I2" }) do
  for _, v in ipairs({ 0, 1, -1, 127, 128, 255, -128, 65535, 2 ^ 31 | 0, math.maxinteger, math.mininteger, 3.0, "7" }) do
    local ok, s = pcall(string.pack, f, v) print(f, v, ok, ok and hex(s) or s)
    if ok then print("", pcall(string.unpack, f, s)) end
  end
  print(f, string.packsize(f))
end
for _, f in ipairs({ "f", "d", "n", "<d", ">d", ">f" }) do for _, v in ipairs({ 0, 1, -1.5, 1e10, 1 / 3, math.huge, "2.5" }) do local s = string.pack(f, v) print(f, v, hex(s), string.unpack(f, s)) end end
for _, c in ipairs({ { "z", "abc" }, { "s", "abc" }, { "s1", "abc" }, { "s2", "" }, { ">s4", "xy" }, { "c5", "abc" }, { "c3", "abc" }, { "c0", "" }, { "bxh", 1, 2 }, { "!bi", 1, 2 }, { "!4bi8", 1, 2 }, { "!bXh", 1 }, { "!8 b Xi8 ", 1 }, { "<i2 >i2 =i2", 1, 2, 3 }, { " < i2 ", 5 }, { "bbb", 1, 2, 3 }, { "zs1z", "a", "b", "c" }, { "!2 i8 b h", 1, 2, 3 } }) do
  local ok, s = pcall(string.pack, table.unpack(c)) print(c[1], ok, ok and hex(s) or s) if ok then try(string.unpack, c[1], s) end print(pcall(string.packsize, c[1]))
end
try(string.pack) try(string.pack, "i") try(string.pack, "i", "x") try(string.pack, "i", 1.5) try(string.pack, "i17", 1) try(string.pack, "i0", 1) try(string.pack, "c", "x") try(string.pack, "c2", "abc") try(string.pack, "z", "a\0b") try(string.pack, "y", 1) try(string.pack, "b", 128) try(string.pack, "B", 256) try(string.pack, "B", -1) try(string.pack, "s1", ("x"):rep(256)) try(string.pack, "!3 i4", 1) try(string.pack, "!17", 1) try(string.pack, "X", 1) try(string.pack, "Xz", 1) try(string.pack, "d", "x") try(string.pack, "i1", 200) try(string.pack, "I1", 300) try(string.pack, "z", {}) try(string.pack, {}) try(string.pack, "!5 i8", 1)
try(string.unpack) try(string.unpack, "i") try(string.unpack, "i4", "abc") try(string.unpack, "z", "abc") try(string.unpack, "s1", "\5ab") try(string.unpack, "i4", "abcdefgh", 5) try(string.unpack, "i4", "abcdefgh", -4) try(string.unpack, "i4", "abcd", 2) try(string.unpack, "i4", "abcd", 6) try(string.unpack, "b", "", 1) try(string.unpack, "i16", ("\255"):rep(16)) try(string.unpack, "i16", ("\1"):rep(16)) try(string.unpack, "I9", ("\0"):rep(8) .. "\1") try(string.unpack, "c3", "ab") try(string.unpack, "b", "a", "x") try(string.unpack, "", "abc") try(string.unpack, "b", "abc", 0) try(string.unpack, "", "abc", 4) try(string.unpack, "c0", "")
try(string.packsize, "s") try(string.packsize, "z") try(string.packsize, "i4i8") try(string.packsize, "!i4i8") try(string.packsize, "") try(string.packsize, "c2147483647c2147483647") try(string.packsize) try(string.packsize, "i99999999999")
-- utf8
local s = "aé日😀\0z"
print(utf8.len(s), utf8.len(""), utf8.len(s, 2), utf8.len(s, 3), utf8.len(s, -1), utf8.len(s, 1, 3), utf8.len("\xff"), utf8.len("a\x80"), utf8.len("abc", 4), utf8.len("abc", 1, 0), utf8.len("\u{D7FF}"), utf8.len("\xED\xA0\x80"), utf8.len("\xF4\x90\x80\x80"), utf8.len("\xC0\x80"))
print(utf8.codepoint(s, 1, -1)) print(utf8.codepoint("é"), utf8.codepoint("abc", 2), utf8.codepoint("abc", 4, 3), utf8.codepoint("abc", -1))
print(utf8.char(), utf8.char(97, 233, 26085, 128512), #utf8.char(0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff), ("%q"):format(utf8.charpattern))
for p, c in utf8.codes(s) do io.write(p, ":", c, " ") end print()
for i = -7, 8 do io.write(tostring((select(2, pcall(utf8.offset, s, i)))), " ") end print()
for i = 1, #s + 1 do io.write(tostring((select(2, pcall(utf8.offset, s, 0, i)))), " ") end print()
for i = 1, #s + 1 do print(pcall(utf8.offset, s, 1, i)) end print(utf8.offset("abc", 5), utf8.offset("abc", 4), utf8.offset("", 1), utf8.offset("a", 2), utf8.offset("日本", -1), utf8.offset("日本", 2))
for c in s:gmatch(utf8.charpattern) do io.write("[", #c, "]") end print()
try(utf8.len) try(utf8.len, s, 20) try(utf8.len, s, 1, 20) try(utf8.len, {}) try(utf8.codepoint, s, 20) try(utf8.codepoint, s, 1, 20) try(utf8.codepoint, "\xff") try(utf8.codepoint, "a", 0) try(utf8.char, -1) try(utf8.char, 0x110000) try(utf8.char, "x") try(utf8.char, 0x7fffffff) try(utf8.offset, "a") try(utf8.offset, "é", 1, 2) try(utf8.offset, "a", 1, 5) try(function() for _ in utf8.codes("a\xff") do end end) try(function() for _ in utf8.codes("\xE6\x97") do end end) try(utf8.codes) try(utf8.codes, {}) try(utf8.codepoint) try(utf8.char, 1.5)
-- The iterators have no name of their own.
do
  local codes, step = utf8.codes("abc"), ipairs({})
  print(pcall(codes))
  print(pcall(codes, {}))
  print(pcall(function() codes() end))
  print(pcall(function() for _ in codes do end end))
  print(pcall(step, {}))
  print(pcall(function() step({}, "x") end))
  print(pcall(function() for _ in step, {}, "x" do end end))
end
