-- An LRU cache on a doubly linked list, with expiry, statistics and a memoizing front; checked
-- against a naive model.

local List = {}
List.__index = List

function List.new()
  local head = {}
  head.next, head.prev = head, head
  return setmetatable({ head = head, length = 0 }, List)
end

function List:insert_after(at, node)
  node.prev, node.next = at, at.next
  at.next.prev = node
  at.next = node
  self.length = self.length + 1
  return node
end

function List:push_front(node) return self:insert_after(self.head, node) end

function List:remove(node)
  node.prev.next, node.next.prev = node.next, node.prev
  node.next, node.prev = nil, nil
  self.length = self.length - 1
  return node
end

function List:last()
  local node = self.head.prev
  return node ~= self.head and node or nil
end

function List:each()
  local head = self.head
  return function(_, node)
    node = node and node.next or head.next
    if node ~= head then return node end
  end
end

List.__len = function(list) return list.length end
List.__pairs = function(list)
  local at, index = list.head, 0
  return function()
    at = at.next
    if at ~= list.head then
      index = index + 1
      return index, at
    end
  end
end

---------------------------------------------------------------------------------------------------------

local Cache = {}
Cache.__index = Cache
Cache.__len = function(cache) return #cache.order end
Cache.__name = "Cache"

function Cache.new(options)
  local capacity = options.capacity or error("a cache needs a capacity", 2)
  assert(math.type(capacity) == "integer" and capacity > 0, "capacity must be a positive integer")
  return setmetatable({
    capacity = capacity,
    nodes = {},
    order = List.new(),
    clock = options.clock or os.time,
    lifetime = options.lifetime or math.huge,
    evicted = options.evicted,
    hits = 0, misses = 0, evictions = 0,
  }, Cache)
end

function Cache:drop(node, why)
  self.order:remove(node)
  self.nodes[node.key] = nil
  if why then
    self.evictions = self.evictions + 1
    if self.evicted then self.evicted(node.key, node.value, why) end
  end
end

function Cache:peek(key)
  local node = self.nodes[key]
  return node and node.value
end

function Cache:get(key, default)
  local node = self.nodes[key]
  if node and self.clock() - node.stored > self.lifetime then
    self:drop(node, "expired")
    node = nil
  end
  if not node then
    self.misses = self.misses + 1
    return default
  end
  self.hits = self.hits + 1
  self.order:push_front(self.order:remove(node))
  return node.value
end

function Cache:set(key, value)
  local node = self.nodes[key]
  if node then
    self.order:remove(node)
  else
    if #self >= self.capacity then self:drop(self.order:last(), "full") end
    node = { key = key }
    self.nodes[key] = node
  end
  node.value, node.stored = value, self.clock()
  self.order:push_front(node)
end

function Cache:delete(key)
  local node = self.nodes[key]
  if node then self:drop(node) end
  return node ~= nil
end

function Cache:keys()
  local keys = {}
  for node in self.order:each() do keys[#keys + 1] = tostring(node.key) end
  return table.concat(keys, " ")
end

function Cache:resize(capacity)
  self.capacity = capacity
  while #self > capacity do self:drop(self.order:last(), "resized") end
end

function Cache:stats()
  local asked = self.hits + self.misses
  return ("%d/%d entries, %d hits, %d misses (%.1f%%), %d evictions"):format(
    #self, self.capacity, self.hits, self.misses, asked > 0 and self.hits / asked * 100 or 0, self.evictions)
end

Cache.__tostring = function(cache) return "Cache[" .. cache:keys() .. "]" end

-- Memoizing: arguments are the path in a tree of tables, so that nil and false are keys as well.
local NIL = {}
local function memoize(f, capacity)
  local cache = Cache.new { capacity = capacity or 1000, clock = function() return 0 end }
  local ids, next_id = setmetatable({}, { __mode = "k" }), 0
  local function key_of(...)
    local parts = {}
    for i = 1, select("#", ...) do
      local v = select(i, ...)
      if type(v) == "table" or type(v) == "function" then
        if not ids[v] then
          next_id = next_id + 1
          ids[v] = next_id
        end
        v = "#" .. ids[v]
      else
        v = type(v) .. ":" .. tostring(v)
      end
      parts[i] = v
    end
    return table.concat(parts, "\0")
  end
  return setmetatable({}, {
    __call = function(_, ...)
      local key = key_of(...)
      local found = cache:get(key)
      if not found then
        found = table.pack(f(...))
        cache:set(key, found)
      end
      return table.unpack(found, 1, found.n)
    end,
    __index = { stats = function() return cache:stats() end },
  })
end

-- Trials --------------------------------------------------------------------------------------------------

local now = 0
local log = {}
local cache = Cache.new {
  capacity = 3,
  lifetime = 10,
  clock = function() return now end,
  evicted = function(key, value, why) log[#log + 1] = ("%s=%s %s"):format(key, value, why) end,
}
print(cache, #cache)
for i, word in ipairs { "one", "two", "three" } do cache:set(word, i) end
print(cache, #cache, cache:get("one"), cache)
cache:set("four", 4)
print(cache, cache:get("two"), cache:get("two", "gone"))
now = 5
cache:set("one", 11)
now = 11
print(cache:get("three"), cache:get("one"), cache:get("four"), cache)
print(cache:delete("one"), cache:delete("one"), cache, #cache, cache:stats())
for i = 1, 5 do cache:set(i, i * i) end
print(cache, cache:peek(4), cache:peek(1))
cache:resize(1)
print(cache, cache:stats())
print(table.concat(log, "; "))
for index, node in pairs(cache.order) do print(index, node.key, node.value) end
print(pcall(Cache.new, {}))
print(pcall(Cache.new, { capacity = 1.5 }))
print(pcall(Cache.new, { capacity = 0 }))
print(select(2, pcall(cache.get)))

local calls = 0
local slow = memoize(function(...)
  calls = calls + 1
  local total = 0
  for i = 1, select("#", ...) do total = total + (tonumber((select(i, ...))) or 1) end
  return total, select("#", ...), nil
end)
local shared = {}
print(slow(1, 2), calls)
print(slow(1, 2), calls)
print(slow("1", 2), calls)
print(slow(nil), slow(nil, nil), slow(), calls)
print(slow(shared, false), slow(shared, false), slow({}, false), calls)
print(select("#", slow(1, 2)), slow.stats())

local fib
fib = memoize(function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
print(fib(90), fib.stats())

-- Against a model: an array of pairs, most recent first.
local function model(capacity)
  local entries = {}
  local function index(key)
    for i, entry in ipairs(entries) do if entry[1] == key then return i end end
  end
  return {
    get = function(key)
      local i = index(key)
      if not i then return nil end
      local entry = table.remove(entries, i)
      table.insert(entries, 1, entry)
      return entry[2]
    end,
    set = function(key, value)
      local i = index(key)
      if i then table.remove(entries, i) elseif #entries == capacity then table.remove(entries) end
      table.insert(entries, 1, { key, value })
    end,
    keys = function()
      local keys = {}
      for i, entry in ipairs(entries) do keys[i] = tostring(entry[1]) end
      return table.concat(keys, " ")
    end,
  }
end

local state = 7
local function random(n)
  state = state * 6364136223846793005 + 1442695040888963407
  return (state >> 33) % n
end
for capacity = 1, 8 do
  local real, plain = Cache.new { capacity = capacity, clock = function() return 0 end }, model(capacity)
  for step = 1, 400 do
    local key = random(12)
    if key % 3 == 0 then key = "k" .. key elseif key % 5 == 0 then key = key + 0.5 end
    if random(3) == 0 then
      assert(real:get(key) == plain.get(key))
    else
      local value = random(1000)
      real:set(key, value)
      plain.set(key, value)
    end
    assert(real:keys() == plain.keys(), step)
  end
  print(capacity, real, real:stats())
end
