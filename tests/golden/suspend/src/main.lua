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

local function callbacks_cannot()
  local ok, e = pcall(table.sort, { 3, 2, 1 }, function(a, b) nap(); return a < b end)
  assert(not ok and e:find("attempt to yield across a C-call boundary", 1, true))
  local ok2, e2 = pcall(string.gsub, "abc", "%w", function(c) return nap(c) end)
  assert(not ok2 and e2:find("attempt to yield across a C-call boundary", 1, true))
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
  callbacks_cannot()
  io.print("all of it")
  return 0
end
return { main = main }
