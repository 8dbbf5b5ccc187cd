-- Events and a cooperative scheduler on coroutines: signals, timers on a virtual clock, channels,
-- futures, pipelines of generators.

local unpack = table.unpack

---------------------------------------------------------------------------------------------------
-- Signals: handlers with priorities, once, removal while emitting, errors that stop nobody else.

local Signal = {}
Signal.__index = Signal

function Signal.new(name) return setmetatable({ name = name, handlers = {}, emitting = 0 }, Signal) end

function Signal:on(handler, options)
  options = options or {}
  local entry = { call = handler, once = options.once, priority = options.priority or 0, alive = true }
  local at = #self.handlers + 1
  while at > 1 and self.handlers[at - 1].priority < entry.priority do at = at - 1 end
  table.insert(self.handlers, at, entry)
  return function()
    local was = entry.alive
    entry.alive = false
    if self.emitting == 0 then self:sweep() end
    return was
  end
end

function Signal:once(handler) return self:on(handler, { once = true }) end

function Signal:sweep()
  local kept = {}
  for _, entry in ipairs(self.handlers) do
    if entry.alive then kept[#kept + 1] = entry end
  end
  self.handlers = kept
end

function Signal:emit(...)
  self.emitting = self.emitting + 1
  local results, faults = {}, {}
  for _, entry in ipairs(self.handlers) do
    if entry.alive then
      if entry.once then entry.alive = false end
      local ok, result = pcall(entry.call, ...)
      if not ok then
        faults[#faults + 1] = tostring(result)
      elseif result ~= nil then
        results[#results + 1] = result
      end
    end
  end
  self.emitting = self.emitting - 1
  if self.emitting == 0 then self:sweep() end
  return results, faults
end

---------------------------------------------------------------------------------------------------
-- The scheduler. A task that yields tells what it waits for.

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ now = 0, ready = {}, timers = {}, tasks = 0, log = {} }, Scheduler)
end

function Scheduler:note(text, ...)
  local line = ("%6.2f  "):format(self.now) .. text:format(...)
  self.log[#self.log + 1] = line
end

function Scheduler:spawn(name, f, ...)
  local task = { name = name, thread = coroutine.create(f), done = Signal.new(name) }
  self.tasks = self.tasks + 1
  self:wake(task, ...)
  return task
end

function Scheduler:wake(task, ...) self.ready[#self.ready + 1] = { task, table.pack(...) } end

function Scheduler:at(when, action)
  local timer = { when = when, action = action, order = #self.timers + self.tasks * 1000 }
  local index = #self.timers + 1
  while index > 1 and self.timers[index - 1].when > when do index = index - 1 end
  table.insert(self.timers, index, timer)
  return timer
end

function Scheduler:step(task, args)
  self.current = task
  local results = table.pack(coroutine.resume(task.thread, unpack(args, 1, args.n)))
  self.current = nil
  if coroutine.status(task.thread) == "dead" then
    self.tasks = self.tasks - 1
    task.ok = results[1]
    task.results = table.pack(unpack(results, 2, results.n))
    if not task.ok then self:note("%s failed: %s", task.name, tostring(results[2])) end
    task.done:emit(task)
  else
    local wait = results[2]
    if wait then wait(task) end
  end
end

function Scheduler:run(limit)
  local steps = 0
  while true do
    while #self.ready > 0 do
      local entry = table.remove(self.ready, 1)
      self:step(entry[1], entry[2])
      steps = steps + 1
      if limit and steps >= limit then return steps, "limit" end
    end
    local timer = table.remove(self.timers, 1)
    if not timer then break end
    self.now = timer.when
    if not timer.cancelled then timer.action() end
  end
  return steps, self.tasks == 0 and "finished" or self.tasks .. " blocked"
end

local sched

local function sleep(seconds)
  return coroutine.yield(function(task)
    sched:at(sched.now + seconds, function() sched:wake(task, "slept") end)
  end)
end

local function pause() return coroutine.yield(function(task) sched:wake(task) end) end

local function await(signal, timeout)
  return coroutine.yield(function(task)
    local timer
    local off = signal:once(function(...)
      if timer then timer.cancelled = true end
      sched:wake(task, ...)
    end)
    if timeout then
      timer = sched:at(sched.now + timeout, function()
        off()
        sched:wake(task, nil, "timeout")
      end)
    end
  end)
end

local function join(task)
  if not task.results then await(task.done) end
  if not task.ok then error(task.results[1], 0) end
  return unpack(task.results, 1, task.results.n)
end

local Channel = {}
Channel.__index = Channel
function Channel.new(room) return setmetatable({ room = room or 0, items = {}, senders = {}, receivers = {} }, Channel) end

function Channel:send(value)
  local receiver = table.remove(self.receivers, 1)
  if receiver then
    sched:wake(receiver, value, true)
    return true
  end
  if #self.items < self.room then
    self.items[#self.items + 1] = value
    return true
  end
  return coroutine.yield(function(task) self.senders[#self.senders + 1] = { task, value } end)
end

function Channel:receive()
  local value = table.remove(self.items, 1)
  local sender = table.remove(self.senders, 1)
  if value ~= nil then
    if sender then
      self.items[#self.items + 1] = sender[2]
      sched:wake(sender[1], true)
    end
    return value, true
  end
  if sender then
    sched:wake(sender[1], true)
    return sender[2], true
  end
  if self.closed then return nil, false end
  return coroutine.yield(function(task) self.receivers[#self.receivers + 1] = task end)
end

function Channel:close()
  self.closed = true
  for _, task in ipairs(self.receivers) do sched:wake(task, nil, false) end
  self.receivers = {}
end

Channel.__call = function(channel) return (channel:receive()) end

-- Trials ------------------------------------------------------------------------------------------------

do
  local signal = Signal.new "test"
  local seen = {}
  local function add(text) return function(v) seen[#seen + 1] = text .. v end end
  local off = signal:on(add "a")
  signal:on(add "b", { priority = 5 })
  signal:on(add "c", { once = true, priority = -1 })
  signal:on(function(v) if v == 2 then error("handler " .. v) end return v * 2 end)
  signal:on(function(v) if v == 2 then error({}) end return v * 3 end, { priority = 9 })
  for v = 1, 3 do
    local results, faults = signal:emit(v)
    for i, fault in ipairs(faults) do faults[i] = fault:gsub("0x%x+", "ADDRESS") end
    print(v, table.concat(seen, " "), table.concat(results, " "), table.concat(faults, " | "))
    if v == 2 then print(off(), off(), #signal.handlers) end
  end
  local removed
  removed = signal:on(function() removed() end)
  signal:on(function(v) if v < 6 then signal:emit(v + 1) end end)
  signal:emit(4)
  print(#signal.handlers, table.concat(seen, " "))
end

sched = Scheduler.new()
local done = Signal.new "done"
for i = 1, 3 do
  sched:spawn("worker " .. i, function(count, delay)
    for round = 1, count do
      sched:note("worker %d round %d %s", i, round, tostring(sleep(delay)))
    end
    done:emit(i)
    return i * 10, delay
  end, i, 1.5 / i)
end
sched:spawn("waiter", function()
  for _ = 1, 3 do sched:note("done: %s", tostring(await(done))) end
  sched:note("again: %s %s", tostring(await(done, 4)), tostring(select(2, await(done, 0.25))))
end)
print(sched:run())
print(table.concat(sched.log, "\n"))

sched = Scheduler.new()
local channel, results = Channel.new(2), Channel.new()
local producers = {}
for p = 1, 2 do
  producers[p] = sched:spawn("producer " .. p, function()
    for i = 1, 4 do
      channel:send(p * 100 + i)
      if i % 2 == 0 then pause() end
    end
    return "p" .. p
  end)
end
for c = 1, 3 do
  sched:spawn("consumer " .. c, function()
    for value in channel do
      sleep(c / 10)
      results:send(("%d by %d"):format(value, c))
    end
    sched:note("consumer %d ends", c)
  end)
end
sched:spawn("main", function()
  sched:note("%s %s", join(producers[1]), join(producers[2]))
  channel:close()
end)
local printer = sched:spawn("printer", function()
  local count = 0
  while count < 8 do
    local value = results:receive()
    count = count + 1
    sched:note("result %s", value)
  end
  return count
end)
sched:spawn("failing", function()
  sleep(0.1)
  local t
  return pcall(function() return t.x end), t.y
end)
sched:spawn("caller", function()
  local inner = sched:spawn("inner", function() sleep(0.3) error("inner failed", 0) end)
  local ok, fault = pcall(join, inner)
  sched:note("caught %s %s", tostring(ok), fault)
  return join(printer)
end).done:on(function(task) sched:note("caller gave %d", task.results[1]) end)
sched:spawn("stuck", function() await(Signal.new "never") end)
print(sched:run())
print(table.concat(sched.log, "\n"))

-- Generators in a pipeline, one driving the next, with errors and early ends.
local function generate(f) return coroutine.wrap(function(...) f(coroutine.yield, ...) end) end
local function numbers(from) return generate(function(yield) for i = from, math.huge do yield(i) end end) end
local function filter(source, keep) return generate(function(yield) for v in source do if keep(v) then yield(v) end end end) end
local function map(source, f) return generate(function(yield) for v in source do yield(f(v)) end end) end
local function take(source, n)
  return generate(function(yield)
    for _ = 1, n do yield(source()) end
  end)
end
local function collect(source)
  local all = {}
  for v in source do all[#all + 1] = tostring(v) end
  return table.concat(all, " ")
end
local function sieve()
  return generate(function(yield)
    local source = numbers(2)
    while true do
      local prime = source()
      yield(prime)
      source = filter(source, function(v) return v % prime ~= 0 end)
    end
  end)
end
print(collect(take(map(filter(numbers(1), function(v) return v % 3 == 0 end), function(v) return v * v end), 8)))
print(collect(take(sieve(), 25)))

local function permutations(list, n)
  n = n or #list
  return generate(function(yield)
    local function permute(k)
      if k <= 1 then yield(table.concat(list, "")) end
      for i = 1, k > 1 and k or 0 do
        list[k], list[i] = list[i], list[k]
        permute(k - 1)
        list[k], list[i] = list[i], list[k]
      end
    end
    permute(n)
  end)
end
print(collect(permutations { "a", "b", "c", "d" }))

local function walk(tree)
  return coroutine.wrap(function()
    local function visit(node, depth)
      if not node then return end
      visit(node.left, depth + 1)
      coroutine.yield(node.key, depth)
      visit(node.right, depth + 1)
    end
    visit(tree, 0)
  end)
end
local tree
for _, key in ipairs { 50, 30, 70, 20, 40, 60, 80, 10, 35, 65 } do
  local new = { key = key }
  if not tree then tree = new else
    local at = tree
    while true do
      local side = key < at.key and "left" or "right"
      if not at[side] then at[side] = new break end
      at = at[side]
    end
  end
end
for key, depth in walk(tree) do io.write(("%s%d "):format((">"):rep(depth), key)) end
print()
local broken = generate(function(yield) yield(1) error("broken generator") end)
print(broken(), pcall(broken))
print(pcall(broken))
print(select("#", coroutine.wrap(function(...) return select("#", ...), ... end)(nil, nil)))
local co
co = coroutine.create(function() print(coroutine.resume(co), coroutine.status(co), coroutine.running() == co) end)
print(coroutine.resume(co), coroutine.status(co), coroutine.resume(co))
