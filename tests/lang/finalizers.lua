-- __gc, seen right after a collection
local log = {}
local function note(text) log[#log + 1] = text end
local function show() print(table.concat(log, " ")) log = {} end
local function object(name, extra) local o = setmetatable(extra or {}, { __gc = function(o) note(name) end }) o.name = name return o end
object("a") object("b") object("c") collectgarbage() show()
local kept = object("kept") object("lost") collectgarbage() show() kept = nil collectgarbage() show()
-- A cycle, and what it holds.
do local x, y = object("x"), object("y") x.other, y.other = y, x end collectgarbage() show()
do local outer = object("outer", { inner = object("inner") }) end collectgarbage() show()
-- Brought back to life, once.
local saved do setmetatable({ n = 1 }, { __gc = function(o) saved = o note("saved") end }) end collectgarbage() show() print(saved and saved.n) saved = nil collectgarbage() show() print(saved)
-- Marked again by setmetatable.
local mt = {} mt.__gc = function(o) note("again" .. o.n) if o.n < 3 then o.n = o.n + 1 setmetatable(o, mt) end end
setmetatable({ n = 1 }, mt) collectgarbage() collectgarbage() collectgarbage() collectgarbage() show()
-- A metatable without __gc when it was set does not finalize, whatever it gets later.
local bare = {} setmetatable({}, bare) bare.__gc = function() note("never") end collectgarbage() show()
local replaced = { __gc = true } setmetatable({}, replaced) replaced.__gc = function() note("replaced") end collectgarbage() show()
setmetatable({}, { __gc = 5 }) collectgarbage() show()
-- The finalizer sees its object whole, and may use everything.
setmetatable({ list = { 1, 2, 3 }, text = "t" }, { __gc = function(o) note(o.text .. #o.list .. table.concat(o.list, ",")) end }) collectgarbage() show()
setmetatable({}, { __gc = function() local t = {} for i = 1, 100 do t[i] = { i } end note("made" .. #t) collectgarbage() note("collected") end }) collectgarbage() show()
-- As a value in a weak table it is gone before, as a key after its finalizer.
local weak = setmetatable({}, { __mode = "v" }) weak[1] = object("weak") collectgarbage() show() print(weak[1])
print(type(collectgarbage("count")), collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage())
print(pcall(collectgarbage, "nothing")) print(pcall(collectgarbage, {}))
local before = collectgarbage("count") local big = {} for i = 1, 10000 do big[i] = { i } end print(collectgarbage("count") > before + 100) big = nil collectgarbage() print(collectgarbage("count") < before + 100)
for i = 1, 50000 do local x, y = {}, {} x.y, y.x = y, x end collectgarbage() print(collectgarbage("count") < before + 100)
local last = object("at the end") setmetatable({}, { __gc = function() print("closing", last.name) end })
local near = function(mb) collectgarbage() local now = collectgarbage("count") / 1000 return now > mb - 1 and now < mb + 2 end collectgarbage() local base = collectgarbage("count") / 1000
do local a, b = string.rep("a", 10240000), string.rep("b", 20480000) print(near(base + 30)) local t = { a, b } print(near(base + 30)) a, b = nil, nil print(near(base + 30)) t = nil print(near(base)) end
do local s = string.rep("x", 5120000) local function up() return s end s = s .. "y" print(near(base + 5), #up()) s = nil print(near(base)) end
do local resting = {} for i = 1, 2000 do resting[i] = coroutine.create(function() coroutine.yield() end) coroutine.resume(resting[i]) end print(collectgarbage("count") / 1000 - base > 0.9) end
do local function big() local t = {} for i = 1, 200000 do t[i] = i end return t end for _ in ipairs(big()) do end print(near(base)) for _ in pairs(big()) do end print(near(base)) for _ in next, big() do end print(near(base)) end
do local a, b = {}, {} a.big, b.big = string.rep("x", 5120000), string.rep("y", 5120000) a.x, b.x = b, a print(near(base + 10)) a, b = nil, nil print(near(base)) end
