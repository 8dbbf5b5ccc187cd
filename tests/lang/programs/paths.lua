-- Finding paths: a binary heap, Dijkstra, A*, breadth first, union-find, a spanning tree, topological
-- order, and a maze generator with a seeded random.

local Heap = {}
Heap.__index = Heap

function Heap.new(before) return setmetatable({ before = before or function(a, b) return a < b end, size = 0, at = {} }, Heap) end

function Heap:swap(i, j)
  self[i], self[j] = self[j], self[i]
  self.at[self[i].item], self.at[self[j].item] = i, j
end

function Heap:up(i)
  while i > 1 and self.before(self[i].key, self[i // 2].key) do
    self:swap(i, i // 2)
    i = i // 2
  end
end

function Heap:down(i)
  while true do
    local least, left = i, 2 * i
    for child = left, left + 1 do
      if child <= self.size and self.before(self[child].key, self[least].key) then least = child end
    end
    if least == i then return end
    self:swap(i, least)
    i = least
  end
end

function Heap:push(item, key)
  local i = self.at[item]
  if i then
    local old = self[i].key
    self[i].key = key
    if self.before(key, old) then self:up(i) else self:down(i) end
    return
  end
  self.size = self.size + 1
  self[self.size] = { item = item, key = key }
  self.at[item] = self.size
  self:up(self.size)
end

function Heap:pop()
  if self.size == 0 then return nil end
  local top = self[1]
  self:swap(1, self.size)
  self[self.size] = nil
  self.size = self.size - 1
  self.at[top.item] = nil
  if self.size > 0 then self:down(1) end
  return top.item, top.key
end

Heap.__len = function(heap) return heap.size end
Heap.__call = function(heap) return heap:pop() end

---------------------------------------------------------------------------------------------------

local Graph = {}
Graph.__index = Graph

function Graph.new(directed) return setmetatable({ edges = {}, names = {}, directed = directed }, Graph) end

function Graph:node(name)
  if not self.edges[name] then
    self.edges[name] = {}
    self.names[#self.names + 1] = name
  end
  return self.edges[name]
end

function Graph:connect(a, b, cost)
  table.insert(self:node(a), { to = b, cost = cost or 1 })
  local back = self:node(b)
  if not self.directed then table.insert(back, { to = a, cost = cost or 1 }) end
  return self
end

function Graph.parse(text, directed)
  local graph = Graph.new(directed)
  for a, b, cost in text:gmatch("(%w+)%s*%-+>?%s*(%w+)%s*:?%s*(%d*)") do graph:connect(a, b, tonumber(cost)) end
  return graph
end

local function path_to(previous, goal)
  local path = {}
  while goal do
    table.insert(path, 1, goal)
    goal = previous[goal]
  end
  return path
end

-- Dijkstra, or A* with a guess of what remains.
function Graph:search(from, to, guess)
  guess = guess or function() return 0 end
  local cost, previous, done, open = { [from] = 0 }, {}, {}, Heap.new()
  open:push(from, guess(from))
  local expanded = 0
  for node in open do
    if node == to then return cost[node], path_to(previous, node), expanded end
    done[node] = true
    expanded = expanded + 1
    for _, edge in ipairs(self.edges[node]) do
      local total = cost[node] + edge.cost
      if not done[edge.to] and total < (cost[edge.to] or math.huge) then
        cost[edge.to], previous[edge.to] = total, node
        open:push(edge.to, total + guess(edge.to))
      end
    end
  end
  return nil, cost, expanded
end

function Graph:breadth(from)
  local depth, queue, head = { [from] = 0 }, { from }, 1
  return function()
    local node = queue[head]
    if node == nil then return nil end
    head = head + 1
    for _, edge in ipairs(self.edges[node]) do
      if not depth[edge.to] then
        depth[edge.to] = depth[node] + 1
        queue[#queue + 1] = edge.to
      end
    end
    return node, depth[node]
  end
end

function Graph:spanning_tree()
  local parent, rank = {}, {}
  local function find(x)
    if parent[x] == nil then return x end
    parent[x] = find(parent[x])
    return parent[x]
  end
  local all = {}
  for _, a in ipairs(self.names) do
    for _, edge in ipairs(self.edges[a]) do
      if a < edge.to then all[#all + 1] = { a, edge.to, edge.cost } end
    end
  end
  table.sort(all, function(x, y)
    if x[3] ~= y[3] then return x[3] < y[3] end
    return x[1] .. x[2] < y[1] .. y[2]
  end)
  local tree, total = {}, 0
  for _, edge in ipairs(all) do
    local a, b = find(edge[1]), find(edge[2])
    if a ~= b then
      local ra, rb = rank[a] or 0, rank[b] or 0
      if ra < rb then a, b = b, a end
      parent[b] = a
      if ra == rb then rank[a] = ra + 1 end
      tree[#tree + 1] = edge[1] .. edge[2]
      total = total + edge[3]
    end
  end
  return tree, total
end

function Graph:order()
  local state, sorted, trail = {}, {}, {}
  local function visit(name)
    if state[name] == "done" then return end
    trail[#trail + 1] = name
    if state[name] then error({ cycle = table.concat(trail, " > ") }) end
    state[name] = "open"
    for _, edge in ipairs(self.edges[name]) do visit(edge.to) end
    state[name] = "done"
    trail[#trail] = nil
    table.insert(sorted, 1, name)
  end
  for _, name in ipairs(self.names) do visit(name) end
  return sorted
end

-- Grids -------------------------------------------------------------------------------------------------

local Grid = {}
Grid.__index = Grid

function Grid.parse(text)
  local grid = setmetatable({ cells = {}, marks = {} }, Grid)
  for line in text:gmatch("[^\n]+") do
    local row = {}
    for char in line:gmatch(".") do row[#row + 1] = char end
    grid.cells[#grid.cells + 1] = row
    for x, char in ipairs(row) do
      if char:find("[A-Z]") then grid.marks[char] = { x, #grid.cells } end
    end
  end
  grid.height, grid.width = #grid.cells, #grid.cells[1]
  return grid
end

local function key(x, y) return y << 16 | x end
local function unkey(k) return k & 0xFFFF, k >> 16 end

function Grid:graph(diagonal)
  local graph = Graph.new(true)
  for y = 1, self.height do
    for x = 1, self.width do
      if self.cells[y][x] ~= "#" then
        graph:node(key(x, y))
        for dy = -1, 1 do
          for dx = -1, 1 do
            local row = self.cells[y + dy]
            local cell = row and row[x + dx]
            local straight = dx == 0 or dy == 0
            if cell and cell ~= "#" and (dx ~= 0 or dy ~= 0) and (straight or diagonal) then
              local weight = tonumber(cell) or 1
              graph:connect(key(x, y), key(x + dx, y + dy), straight and weight or weight * 1.5)
            end
          end
        end
      end
    end
  end
  return graph
end

function Grid:draw(path)
  local on = {}
  for _, k in ipairs(path or {}) do on[k] = true end
  for y, row in ipairs(self.cells) do
    local line = {}
    for x, char in ipairs(row) do line[x] = on[key(x, y)] and not char:find("[A-Z]") and "*" or char end
    print(table.concat(line))
  end
end

local state = 12345
local function random(n)
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 12) % n + 1
end

local function maze(width, height)
  local rows = {}
  for y = 1, 2 * height + 1 do
    rows[y] = {}
    for x = 1, 2 * width + 1 do rows[y][x] = "#" end
  end
  local stack = { { 2, 2 } }
  rows[2][2] = " "
  while #stack > 0 do
    local x, y = table.unpack(stack[#stack])
    local ways = {}
    for _, d in ipairs { { 2, 0 }, { -2, 0 }, { 0, 2 }, { 0, -2 } } do
      local row = rows[y + d[2]]
      if row and row[x + d[1]] == "#" and x + d[1] > 1 and x + d[1] <= 2 * width then ways[#ways + 1] = d end
    end
    if #ways == 0 then
      stack[#stack] = nil
    else
      local d = ways[random(#ways)]
      rows[y + d[2] // 2][x + d[1] // 2] = " "
      rows[y + d[2]][x + d[1]] = " "
      stack[#stack + 1] = { x + d[1], y + d[2] }
    end
  end
  rows[2][2], rows[2 * height][2 * width] = "A", "B"
  for y, row in ipairs(rows) do rows[y] = table.concat(row) end
  return table.concat(rows, "\n")
end

-- Trials --------------------------------------------------------------------------------------------------

local heap = Heap.new(function(a, b) return a > b end)
for i = 1, 20 do heap:push("item" .. i, (i * 37) % 23) end
heap:push("item3", 100)
heap:push("item19", -1)
local drawn = {}
for item, k in heap do drawn[#drawn + 1] = item .. "=" .. k end
print(#heap, #drawn, table.concat(drawn, " "))

local roads = Graph.parse [[
  A - B : 7    A - C : 9    A - F : 14   B - C : 10   B - D : 15
  C - D : 11   C - F : 2    D - E : 6    E - F : 9    G - H
]]
for _, goal in ipairs { "E", "D", "A", "H" } do
  local cost, path, expanded = roads:search("A", goal)
  print(goal, cost, cost and table.concat(path, " ") or "no way", expanded)
end
local _, costs = roads:search("A", "nowhere")
for _, name in ipairs(roads.names) do io.write(name, "=", tostring(costs[name]), " ") end
print()
for node, depth in roads:breadth("B") do io.write(node, depth, " ") end
print()
local tree, total = roads:spanning_tree()
print(table.concat(tree, " "), total)

local tasks = Graph.parse("shirt -> tie  tie -> jacket  trousers -> shoes  trousers -> belt  belt -> jacket  socks -> shoes", true)
print(table.concat(tasks:order(), " "))
tasks:connect("jacket", "shirt")
local ok, fault = pcall(tasks.order, tasks)
print(ok, type(fault), fault.cycle)

local grid = Grid.parse [[
################
#A...#.....9...#
#.##.#.###.9.#.#
#..#...#.#.9.#.#
##.#####.#.9.#.#
#........#...#B#
#.##########.#.#
#..............#
################]]
for _, diagonal in ipairs { false, true } do
  local graph = grid:graph(diagonal)
  local a, b = grid.marks.A, grid.marks.B
  local cost, path, expanded = graph:search(key(a[1], a[2]), key(b[1], b[2]))
  local near, same, fewer = graph:search(key(a[1], a[2]), key(b[1], b[2]), function(k)
    local x, y = unkey(k)
    local dx, dy = math.abs(x - b[1]), math.abs(y - b[2])
    return diagonal and math.max(dx, dy) or dx + dy
  end)
  print(cost, #path, near == cost, #same <= #path + 4, fewer <= expanded, expanded)
  grid:draw(path)
end

local large = Grid.parse(maze(24, 9))
local graph = large:graph()
local a, b = large.marks.A, large.marks.B
local cost, path, expanded = graph:search(key(a[1], a[2]), key(b[1], b[2]))
print(cost, #path, expanded, #graph.names)
large:draw(path)
