-- 4.3: the string library but patterns, format and pack
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = tostring(r[i]) end print(table.concat(r, " | ")) end
local s = "hello world"
print(s:byte(), s:byte(2), s:byte(-1), s:byte(1, 3), s:byte(0), s:byte(100), s:byte(0, 2), s:byte(10, 100), s:byte(3, 2), s:byte(-3, -1), s:byte(-100, 2))
print(string.char(), string.char(72, 105), #string.char(0, 255), ("%q"):format(string.char(0, 10, 13, 34, 92)))
print(s:len(), ("\0\0"):len(), s:reverse(), (""):reverse(), ("MiXed1é"):lower(), ("MiXed1"):upper())
print(("ab"):rep(0), ("ab"):rep(-1), ("ab"):rep(1), ("ab"):rep(3), ("ab"):rep(3, ","), ("ab"):rep(1, ","), (""):rep(10), ("x"):rep(2, ""), (""):rep(3, "-"))
for _, r in ipairs({ { 1 }, { 0 }, { -1 }, { 2, 3 }, { 2, -2 }, { -3, -2 }, { -100, 100 }, { 2, 1 }, { 4 }, { 12 }, { 11, 11 }, { 5, 0 }, { math.mininteger, math.maxinteger }, { math.maxinteger }, { 1, math.mininteger } }) do
  print(r[1], r[2], "[" .. s:sub(table.unpack(r)) .. "]")
end
print(s:find("o"), s:find("o", 6), s:find("l+"), s:find("xyz"), s:find(""), s:find("", 5), s:find("", 12), s:find("", 13), s:find("o", -3), s:find("h", -100), s:find(".", 1, true), ("a.b"):find(".", 1, true), ("a.b"):find(".", 3, true), s:find("", 100, true))
print(("a+b"):find("+", 1, true), ("abc"):find("b", nil, true), ("x"):find("x", 1, false), (""):find(""), (""):find("", 2), (""):find("x"))
print(#s, s == "hello world", s .. "!" == "hello world!", s < "hellp", s:upper():lower() == s, ("x"):rep(3) == "xxx")
print(("test"):len(), ("%d"):format(3), ("a,b"):find(","), ("abc"):sub(2):upper():rep(2, "-"))
print(tostring(12):len(), (12 .. ""):rep(2), string.len(123), string.upper(1.5), string.rep(1, 3), string.reverse(123))
try(string.byte) try(string.byte, {}) try(string.byte, "x", "y") try(string.byte, "x", 1.5) try(string.byte, "x", {})
try(string.char, 256) try(string.char, -1) try(string.char, 1, "x") try(string.char, 1, nil) try(string.char, {})
try(string.dump, print) try(string.dump) try(string.dump, 1) try(string.len) try(string.len, nil) try(string.len, true) try(string.reverse) try(string.lower) try(string.upper, {})
try(string.rep) try(string.rep, "x") try(string.rep, "x", {}) try(string.rep, "x", 1, {}) try(string.rep, "xx", 1 << 62) try(string.rep, "x", 1 << 40, "y" )
try(string.sub) try(string.sub, "x") try(string.sub, "x", {}) try(string.sub, "x", 1, {}) try(string.sub, "x", 1, nil)
try(string.find) try(string.find, "x") try(string.find, "x", {}) try(string.find, "x", "x", {}) try(string.match, "x") try(string.gmatch, "x") try(string.gsub, "x") try(string.gsub, "x", "x") try(string.gsub, "x", "x", true)
try(function() return ("x"):rep() end) try(function() return ("x"):rep({}) end) try(function() return ("x"):nope() end) try(function() return ("x").y.z end) try(function() return string.nope() end) try(function() string.upper() end)
try(function() local f = string.rep; f() end) try(function() local t = { f = string.rep } t.f("x", {}) end) try(function() local t = { f = string.rep } t:f(1) end) try(function() (string.rep)() end)
print(getmetatable("").__index == string, getmetatable("x") == getmetatable("y"), pcall(setmetatable, "x", {}))
string.shout = function(x) return x:upper() .. "!" end
print(("hey"):shout(), string.shout("you")) string.shout = nil
local mt = getmetatable("") mt.__add = function(a, b) return "sum" end
print(pcall(function() return "a" + 1 end), "1" + 1) mt.__add = nil
print(pcall(function() return "a" + 1 end))
local pieces = {} for i = 1, 300 do pieces[i] = i end
print(#table.concat(pieces, ","), table.concat(pieces, ","):sub(-12))
local long = "" for i = 1, 2000 do long = long .. i .. "," end print(#long, long:sub(1000, 1020))
print("a" .. "b" .. 1 .. 2.5 .. "c" .. -1 .. 1e100 .. (2 ^ 63) .. "" .. ("d"):rep(2))
