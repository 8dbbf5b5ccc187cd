-- Names that mean something to Rust, and names that differ in their letter case alone.
local words = { "abstract", "as", "async", "await", "become", "box", "const", "continue", "crate", "dyn", "enum",
  "extern", "final", "fn", "gen", "impl", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
  "pub", "ref", "self", "Self", "static", "struct", "super", "trait", "try", "type", "typeof", "unsafe", "unsized",
  "use", "virtual", "where", "yield", "_" }
for _, word in ipairs(words) do _G[word] = word end

function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for i in gen(4) do sum = sum + i end
assert(sum == 10)
local object = { gen = 1, yield = 2, try = 3, _ = 4, dyn = 5, union = 6, auto = 7, raw = 8, safe = 9, default = 10, macro_rules = 11 }
assert(object.gen + object.yield + object.try + object._ + object.dyn + object.union + object.auto == 28)
function object:await(become) return self.gen + become end
assert(object:await(1) == 2)
async, dyn, fn = 1, 2, 3
assert(async + dyn + fn == 6)

-- `f` with what Rust makes of it, and `F`.
function f() return "f" end
function F() coroutine.yield("F") return "F" end
local function g() return "g" end
local function G() coroutine.yield("G") return "G" end
local a = coroutine.wrap(function() return f(), F(), g(), G() end)
assert(a() == "F" and a() == "G")
assert(table.concat({ a() }) == "fFgG")
local function h() return "h" end
local H = "H"
do
  local h = function() return H .. h() end
  assert(h() == "Hh")
end
local function chunk() return "chunk" end
local CHUNK, KEYS, MAIN_CHUNK, F_DEFINITION = 1, 2, 3, 4
local function keys() return KEYS end
assert(chunk() == "chunk" and CHUNK + keys() + MAIN_CHUNK + F_DEFINITION == 10)
local list = { h, keys, chunk, f, F }
assert(#list == 5 and list[1]() == "h")
local function Ok() return 1 end
local function Some() return 2 end
local None, Err, Value, Cx, LuaResult, String, Vec, Box, Option, Result = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
assert(Ok() + Some() + None + Err + Value + Cx + LuaResult + String + Vec + Box + Option + Result == 58)
