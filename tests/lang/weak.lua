-- Weak tables, seen right after a collection
local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local values = setmetatable({}, { __mode = "v" })
local kept = {}
values[1] = kept values.kept = kept values[2] = {} values.gone = {} values.text = "text" values.number = 5 values.yes = true
for i = 10, 20 do values[i] = {} end
collectgarbage()
print(values[1] == kept, values.kept == kept, values[2], values.gone, values.text, values.number, values.yes, values[15], count(values))
local keys = setmetatable({}, { __mode = "k" })
keys[kept] = "kept" keys[{}] = "gone" keys.text = {} keys[1] = {} keys[print] = 1
collectgarbage()
print(keys[kept], type(keys.text), type(keys[1]), keys[print], count(keys))
kept = nil
collectgarbage()
print(values[1], values.kept, count(values), count(keys))
local both = setmetatable({}, { __mode = "kv" })
local a, b = {}, {}
both[a] = b both[b] = {} both[{}] = a both.x = {}
collectgarbage()
print(both[a] == b, both[b], both.x, count(both))
-- A key that only its own value refers to is gone.
local ephemeron = setmetatable({}, { __mode = "k" })
do local key = {} ephemeron[key] = { back = key } local other = {} ephemeron[other] = other end
collectgarbage()
print(count(ephemeron))
-- Two of them that hold each other, and one that a live one leads to.
do local x, y = {}, {} ephemeron[x] = y ephemeron[y] = x end
local root, middle = {}, {}
ephemeron[root] = middle ephemeron[middle] = "end" middle = nil
collectgarbage()
print(count(ephemeron), ephemeron[ephemeron[root]])
-- Made weak after it was filled; made strong again.
local late = { {}, {}, x = {} }
setmetatable(late, { __mode = "v" })
collectgarbage()
print(count(late), #late)
local strong = setmetatable({}, { __mode = "v" }) setmetatable(strong, nil) strong[1] = {} collectgarbage() print(count(strong))
-- A cache that forgets, and objects that know each other.
local cache, made = setmetatable({}, { __mode = "v" }), 0
local function get(name) local found = cache[name] if not found then made = made + 1 found = { name = name } cache[name] = found end return found end
local first = get("a") print(get("a") == first, made) first = nil collectgarbage() get("a") print(made)
local parents = setmetatable({}, { __mode = "k" })
local function node(parent) local n = {} parents[n] = parent return n end
local top = node() local child = node(top) print(parents[child] == top, count(parents)) top = nil collectgarbage() print(parents[child] ~= nil) child = nil collectgarbage() print(count(parents))
for k, v in pairs(setmetatable({ 1, 2, a = 3 }, { __mode = "kv" })) do io.write(tostring(k), "=", tostring(v), " ") end print()
local f = setmetatable({}, { __mode = "v" }) f[1] = function() return kept end f[2] = coroutine.create(print) collectgarbage() print(f[1], f[2])
