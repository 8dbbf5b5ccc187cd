-- 1.1-1.3: names, comments, literals, white space
local _, a1, _b, A, a_b_1 = 1, 2, 3, 4, 5
assert(_ == 1 and a1 == 2 and _b == 3 and A == 4 and a_b_1 == 5)
-- words of the typed extension and of Rust are ordinary names
local as, asserts, extends, fun, interface, is, keyof, readonly, type_, typeof = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
assert(as + asserts + extends + fun + interface + is + keyof + readonly + type_ + typeof == 55)
local fn, let, mut, pub, self, super, crate, match, impl, use, mod, loop, move, ref, struct, enum, trait, async, await, dyn =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
print(fn + let + mut + pub + self + super + crate + match + impl + use + mod + loop + move + ref + struct + enum + trait + async + await + dyn)
local cx, Value, result, ok, Some, None, Vec, String, main, args = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
print(cx + Value + result + ok + Some + None + Vec + String + main + args)
local t = { as = 1, type = 2, is = 3, fn = 4, self = 5, match = 6, interface = 7, readonly = 8 }
print(t.as, t.type, t.is, t.fn, t.self, t.match, t.interface, t.readonly)
function t:as_method() return self.as end
function t.match(x) return x end
print(t:as_method(), t.match(3))
--[[ a long comment
 over lines ]] local c1 = 1 --[==[ with ]] inside ]==] local c2 = 2
assert(c1 + c2 == 3)
--[[]] assert(true) --]]
---[[ a line comment
print("seen")
--]]
-- numbers
print(0, 12, 007, 0x10, 0xff, 0XFF, 0xA.8, 0x.8, 0x1p4, 0xA.8p1, 0x1p-2, 3., .5, 3.25, 1e2, 1E2, 1e+2, 1e-2, 0e12, 5e0)
print(9223372036854775807, 9223372036854775808, 0x7fffffffffffffff, 0xffffffffffffffff, 0x1ffffffffffffffff, 1e308 * 10, 1e-320)
print(math.type(1), math.type(1.0), math.type(1e0), math.type(0x10), math.type(0x1p1), math.type(9223372036854775808))
print(100000000000000, 1e14, 1e15, 1e16, 123456789012.0, 0.1, 1 / 3, 2 ^ 53, 2 ^ 63, -0.0, 1e100)
print(3-2, 3 -2, 3 - -2, 3--2
  , 4)
-- strings
print("a\tb\\c\"d'e", 'a"b\'c', "\65\066\x41\u{41}", "\u{20AC}", "\u{10FFFF}", "a\z
       b", "line\
two")
print(#"\0\00\000\x00", #"\a\b\f\n\r\t\v", ("\0a\0"):byte(1, -1))
print([[long]], [==[with ]] and ]=] inside]==], [[
first line end is skipped]], #[[

]])
print("\1234", "\x7e", '\'', "--no comment", "[[no]]")
print(#"é", "é", "日本", #"日本")
-- no space is needed
local x=1;local y=2;print(x+y)print(x..y)
local f=function(...)return...end
print(f(1,2),#{f(1,2,3)},-x^2,not nil==true)
;;; print(("x"):rep(3), #"abc" + 1, -"2" + 0, - - 2, not not nil, ~ ~ 5);
-- numbers at the edges of what fits
print(-9223372036854775808, math.type(-9223372036854775808), math.type(-9223372036854775807), -9223372036854775807 - 1, 0x8000000000000000, 0x7fffffffffffffffp0, 0xffffffffffffffffff, 1e309, -1e309, 00012, 0x0010, 3e-2, 0xep1, 0xe+1, 0x.1p4, 0xA.p0, 1e-400)
print(1//1, 1 .. "", 5 ..5, 0xA ..0xB, 1.5 ..2)
print("\
", "\z   x\z
   y", "a\z", "\10\010\0101", "\u{0}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}" == "\0\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80", '\'"', "'\"", "\\n", #"\\\\")
print(#[==[]==], #[[
]], [[]]..[==[]]]==], [=[[[]]]=], #[[\n]], [[a]] .. 'b' .. "c")
local function sugar(v) return type(v) == "table" and #v or v end
print(sugar"text", sugar'text', sugar[[long]], sugar[=[longer]=], sugar{ 1, 2 }, sugar{}, (sugar"x"):rep(2), #sugar"four", ("s"):rep(2):upper())
local t = { 1, 2; 3, n = 1; [4] = 4, f = function() return 1 end, } print(#t, t.n, t.f())
