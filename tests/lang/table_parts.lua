-- Entries that move between the parts of a table: nothing is lost, walks meet everything, memory stays small.

-- An element that was an entry before is cleared while `next` walks.
local t = {}
t.a, t[true], t[0.5] = 1, 2, 3
t[2] = 4 t[1] = 5
local met, key, value = 0, next(t)
while key ~= nil do
  met = met + value
  t[key] = nil
  key, value = next(t, key)
end
print(met, next(t))

-- An entry that was cleared, and is an element now.
t = { true } t[true] = 1 t[9] = 2 t[9] = nil t[2.5] = 3
for i = 2, 9 do t[i] = i end
met = 0 key = next(t)
while key ~= nil do met = met + 1 t[key] = nil key = next(t, key) end
print(met, next(t))

-- Keys in every order become a list.
local function filled(order)
  local t = { name = "list" }
  for _, key in ipairs(order) do t[key] = key end
  local sum = 0
  for k, v in pairs(t) do if k ~= "name" then sum = sum + v end end
  return #t, sum, t.name
end
local down, even, middle = {}, {}, {}
for i = 1, 1000 do
  down[i] = 1001 - i
  even[i] = i <= 500 and i * 2 or (i - 500) * 2 - 1
  middle[i] = i % 2 == 0 and 500 + i // 2 or 500 - i // 2
end
print(filled(down)) print(filled(even)) print(filled(middle))

-- Keys far apart, evenly so.
for shift = 0, 62 do
  local t = {}
  for i = -40, 40 do t[i << shift] = i end
  local count, sum = 0, 0
  for k, v in pairs(t) do count = count + 1 sum = sum + (t[k] == v and v or 1000) end
  io.write(count, ":", sum, " ")
end
print()
local grid = {}
for y = 0, 99 do for x = 0, 99 do grid[y << 32 | x] = x * y grid[y << 16 | x | 1 << 60] = x + y end end
local sum = 0
for y = 0, 99 do for x = 0, 99 do sum = sum + grid[y << 32 | x] - grid[y << 16 | x | 1 << 60] end end
print(sum, grid[1 << 15], grid[100 << 32])

-- A queue takes no more memory than what waits in it.
local function used(first, step)
  local queue, head, tail = { kind = "queue" }, first, first
  collectgarbage()
  local before = collectgarbage("count")
  local sum = 0
  for i = 1, 300000 do
    queue[tail] = i
    tail = tail + step
    if i > 100 then sum = sum + queue[head] queue[head] = nil head = head + step end
  end
  collectgarbage()
  local after = collectgarbage("count")
  local count = 0
  for _ in pairs(queue) do count = count + 1 end
  return sum, count, queue[head], queue.kind, after - before < 100
end
print(used(1, 1)) print(used(0, 1)) print(used(-1, -1)) print(used(1, 3))

-- A stack that was large is a list again.
local stack = {}
for i = 1, 5000 do stack[i] = i end
for i = 1, 4999 do stack[i] = nil end
stack[5001] = 1 stack[5002] = 2
for i = 5002, 5000, -1 do stack[i] = nil end
for i = 1, 20 do stack[#stack + 1] = i end
print(#stack, stack[1], stack[20], stack[5000])
