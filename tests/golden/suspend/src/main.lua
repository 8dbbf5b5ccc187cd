-- blocking calls in every position: nested calls, pcall, iterators, methods, metamethods, recursion
local io = require("io")
local time = require("time")
local function nap(v) time.sleep("1ms") return v end

local function in_expressions()
  local t = { nap(1), x = nap(2), [nap("k")] = nap(3), nap(4) }
  assert(t[1] == 1 and t.x == 2 and t.k == 3 and t[2] == 4)
  assert(nap(1) + nap(2) * nap(3) == 7)
  assert((nap(false) or nap("b")) == "b" and (nap(nil) and nap(1)) == nil)
  assert(nap("a") .. nap("b") .. nap("c") == "abc")
  if nap(true) and not nap(false) then t.ok = true end
  assert(t.ok)
  local n = 0
  while nap(n) < 3 do n = n + 1 end
  repeat n = n - 1 until nap(n) == 0
  for i = nap(1), nap(3), nap(1) do n = n + i end
  assert(n == 6)
  t[nap("y")], t.z = nap(10), nap(20)
  assert(t.y == 10 and t.z == 20)
end

local function through_pcall()
  local ok, v = pcall(nap, 5)
  assert(ok and v == 5)
  local ok2, e = pcall(function() nap(); error("after") end)
  assert(not ok2 and e == "app:main:26: after")
  local ok3, e3 = xpcall(function() nap(); error({ 1 }) end, function(e) nap(); return e[1] end)
  assert(not ok3 and e3 == 1)
  assert(pcall(pcall, nap) == true)
end

local function iterator()
  local function numbers(n)
    return function(_, i) nap(); if i < n then return i + 1, i * 10 end end, nil, 0
  end
  local s = ""
  for i, v in numbers(3) do s = s .. i .. ":" .. v .. " " end
  assert(s == "1:0 2:10 3:20 ")
end

local Object = {}
Object.__index = Object
function Object:wait(n) if n > 0 then nap(); return self:wait(n - 1) end return self.name end
function Object:twice() return self:wait(1) .. self:wait(1) end

local function metamethods()
  local mt = {}
  mt.__index = function(_, k) return nap(k .. "!") end
  mt.__newindex = function(t, k, v) nap(); rawset(t, k, v) end
  mt.__call = function(_, x) return nap(x) * 2 end
  mt.__add = function(a, b) nap(); return "sum" end
  mt.__concat = function(a, b) nap(); return "cat" end
  mt.__eq = function(a, b) nap(); return true end
  mt.__lt = function(a, b) nap(); return true end
  mt.__le = function(a, b) nap(); return false end
  mt.__len = function() return nap(42) end
  mt.__unm = function() return nap("neg") end
  local a, b = setmetatable({}, mt), setmetatable({}, mt)
  assert(a.field == "field!" and a["x"] == "x!")
  a.set = 5
  assert(rawget(a, "set") == 5)
  assert(a(21) == 42)
  assert(a + 1 == "sum" and 1 + a == "sum")
  assert(a .. "x" == "cat" and "x" .. a == "cat")
  assert(a == b and a < b and not (a <= b))
  assert(#a == 42 and -a == "neg")
end

local function recursion()
  local function fib(n) if n < 2 then return nap(n) end return fib(n - 1) + fib(n - 2) end
  assert(fib(7) == 13)
  local even, odd
  function even(n) if n == 0 then return nap(true) end return odd(n - 1) end
  function odd(n) if n == 0 then return nap(false) end return even(n - 1) end
  assert(even(1001) == false)
  local function count(n) if n == 0 then return nap("end") end return count(n - 1) end
  assert(count(100000) == "end")
  local function deep(n) if n == 0 then return nap(0) end return 1 + deep(n - 1) end
  assert(deep(2000) == 2000)
end

local function unknown_calls()
  local handlers = { slow = nap, fast = function(v) return v end }
  local sum = 0
  for _, name in ipairs({ "slow", "fast", "slow" }) do sum = sum + handlers[name](2) end
  assert(sum == 6)
  local function apply(f, ...) return f(...) end
  assert(apply(nap, 9) == 9 and apply(math.max, 1, 5) == 5)
  local function compose(f, g) return function(...) return f(g(...)) end end
  assert(compose(nap, function(x) return x + 1 end)(1) == 2)
end

local function channels()
  local ch = channel.new()
  local got = {}
  coroutine.spawn(function()
    while true do
      local v, ok = ch:receive()
      if not ok then break end
      got[#got + 1] = v
    end
    got.done = true
  end)
  for i = 1, 3 do ch:send(i) end
  ch:close()
  time.sleep("1ms")
  assert(#got == 3 and got.done)
  local buffered = channel.new(2)
  buffered:send("a")
  buffered:send("b")
  local r = channel.select { buffered:case_receive(), default = true }
  assert(r.channel == buffered and r.value == "a" and r.ok)
  local r2 = channel.select { ch:case_receive() }
  assert(r2.ok == false and r2.value == nil)
end

local function look_ups()
  local lazy = setmetatable({}, { __index = function(_, k) return nap(function(self, x) return nap(k .. x) end) end })
  local chained = setmetatable({}, { __index = lazy })
  assert(lazy:a("x") == "ax" and chained:b("y") == "by" and chained.c(nil, "z") == "cz")
  assert(lazy:a(nap("x")) .. chained:b(nap("y")) == "axby")
  local function tail(x) return chained:tail(x) end
  local function tail_of_call(x) return chained:tail(nap(x)) end
  assert(tail(1) == "tail1" and tail_of_call(2) == "tail2")
  local empty = setmetatable({}, { __index = function(_, k) return nap(nil) end })
  local ok, e = pcall(function() return empty:gone() end)
  assert(not ok and e:find("attempt to call a nil value (method 'gone')", 1, true), e)
  local t = setmetatable({}, { __newindex = setmetatable({}, { __newindex = function(_, k, v) nap() rawset(empty, k, v) end }) })
  t.x = "stored"
  assert(rawget(empty, "x") == "stored")
end

local function more_metamethods()
  local mt = {}
  for _, op in ipairs({ "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "unm", "bnot" }) do
    mt["__" .. op] = function() return nap(op .. " ") end
  end
  mt.__lt = function(a, b) return nap(a.v < b.v) end
  mt.__concat = function(a, b) return nap((type(a) == "table" and a.v or a) .. "~" .. (type(b) == "table" and b.v or b)) end
  local a, b = setmetatable({ v = 1 }, mt), setmetatable({ v = 2 }, mt)
  assert((a - 1) .. (a * 1) .. (a / 1) .. (a % 1) .. (a ^ 1) .. (a // 1) == "sub mul div mod pow idiv ")
  assert((a & 1) .. (a | 1) .. (a ~ 1) .. (a << 1) .. (a >> 1) .. -a .. ~a == "band bor bxor shl shr unm bnot ")
  -- A missing `__le` is the other `__lt`, negated; a chain goes on behind what waited.
  assert(a <= b and not (b <= a) and b >= a and b > a)
  assert("x" .. a .. "y" .. "z" == "x1~yz" and 1 .. a .. 2 .. b .. 3 == "11~22~3")
  local order = ""
  do
    local c <close> = setmetatable({}, { __close = function() nap() order = order .. "closed " end })
    order = order .. "inside "
  end
  local ok, e = pcall(function()
    local c <close> = setmetatable({}, { __close = function(_, e) nap() order = order .. e end })
    nap()
    error("left", 0)
  end)
  assert(not ok and e == "left" and order == "inside closed left")
end

local function inside_coroutines()
  local ch = channel.new()
  coroutine.spawn(function() for i = 1, 4 do ch:send(i) end ch:close() end)
  local squares = ""
  local function each()
    while true do
      local v, ok = ch:receive()
      if not ok then return end
      coroutine.yield(v * v)
    end
  end
  for v in coroutine.wrap(each) do squares = squares .. v .. " " end
  assert(squares == "1 4 9 16 ")
  local co = coroutine.create(function(a) local b = coroutine.yield(nap(a + 1)) error("end " .. nap(b), 0) end)
  assert(select(2, coroutine.resume(co, 1)) == 2 and coroutine.status(co) == "suspended")
  assert(select(2, coroutine.resume(co, "b")) == "end b" and coroutine.status(co) == "dead")
  local outer = coroutine.wrap(function()
    local inner = coroutine.wrap(function() for i = 1, 2 do coroutine.yield(nap(i)) end end)
    for v in inner do coroutine.yield("outer " .. v) end
    return "done"
  end)
  assert(outer() == "outer 1" and outer() == "outer 2" and outer() == "done")
end

local function callbacks_cannot()
  local ok, e = pcall(table.sort, { 3, 2, 1 }, function(a, b) nap(); return a < b end)
  assert(not ok and e:find("attempt to yield across a C-call boundary", 1, true))
  local ok2, e2 = pcall(string.gsub, "abc", "%w", function(c) return nap(c) end)
  assert(not ok2 and e2:find("attempt to yield across a C-call boundary", 1, true))
  local text = setmetatable({}, { __tostring = function() return nap("text") end })
  local lazy = setmetatable({}, { __index = function(_, k) return nap(k) end, __len = function() return 2 end })
  local calls = { { tostring, text }, { string.format, "%s", text }, { table.concat, lazy }, { table.unpack, lazy } }
  for _, call in ipairs(calls) do
    local ok3, e3 = pcall(table.unpack(call))
    assert(not ok3 and e3:find("attempt to yield across a C-call boundary", 1, true))
  end
end

local function main()
  in_expressions()
  through_pcall()
  iterator()
  local o = setmetatable({ name = "obj" }, Object)
  assert(o:wait(3) == "obj" and o:twice() == "objobj")
  metamethods()
  recursion()
  unknown_calls()
  channels()
  look_ups()
  more_metamethods()
  inside_coroutines()
  callbacks_cannot()
  io.print("all of it")
  return 0
end
return { main = main }
