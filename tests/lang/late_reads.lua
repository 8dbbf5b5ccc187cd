-- 3.4: a local variable is read when the operation is done; a call among the other operands may change it
local x = 1
local function f() x = x + 10 return 100 end
print(x + f())            -- local captured, right operand assigns
print(x + f() + x)
print(x .. f())
print(x == f(), x < f())
local t = {1,2,3} 
local i = 1
local function g() i = i + 1 return 1 end
print(t[i] + g(), i)
print(t[i + g()], i)
print(x, f(), x)
local function add(a, b) return a .. "," .. b end
print(add(x, f()))
local u = { x, f(), x } print(u[1], u[2], u[3])
print((x) + f())
print(-x + f())
print(x * 2 + f())
print((x + 0) + f())
local function outer() local y = x return x + f() end  -- x is an upvalue: GETUPVAL before
print(outer(), x)
print(x and x + f())
print(x - (f() and x))
x = 5 local y, z = x, f() print(y, z, x)
local function m() return x + f(), x end print(m())
local s = "a" local function set() s = "b" return "c" end
print(s .. set()) s = "a" print(s .. "-" .. set() .. s)
local tt = { n = 1 } local function new() tt = { n = 5 } return 1 end
print(tt.n + new()) tt = {n = 1}
print(tt[new() and "n"])
tt = { n = 1, f = function(self, a) return self.n + a end } local keep = tt
print(pcall(function() return tt:f(new()) end))
x = 1 print(x > f(), x ~= f(), x // f(), x ^ f())
x = 1 print(f() + x, x)
local function h(a) local function k() a = a + 1 return a end return a + k(), a * k(), k() + a end print(h(1))
for j = 1, 2 do local c = j local function k() c = c * 10 return 1 end print(c + k(), c) end
local w = { n = 0 } local first = w local function swap() w = { n = 0 } return 7 end
w.n = swap() print(first.n, w.n)
first = w w[swap() and "n"] = 3 print(first.n, w.n)
first = w w[swap() and "n"] = swap() print(first.n, w.n)
local key = "a" local function rekey() key = "b" return 1 end
local kt = {} kt[key] = rekey() print(kt.a, kt.b) key = "a"
kt = { a = 1, b = 2 } print(kt[key] + rekey()) key = "a" print(kt[rekey() and key])
local fn = function() return "old" end local function refn() fn = function() return "new" end end
print(fn(refn()))
w = { n = 1 } first = w w.n, key = swap(), 1 print(first.n, w.n)
local co = coroutine.wrap(function() local v = 1 local function bump() v = v + 1 coroutine.yield(v) return 10 end print(v + bump(), v < bump()) w.n = bump() if v <= bump() then print("then", v) end while v + bump() < 40 do v = v + 10 end print(v) end)
for _ = 1, 7 do co() end
local n = 1 local function inc() n = n + 1 return 2 end
if n < inc() then print("early") else print("late") end
while n + inc() < 10 do end print(n) repeat until n + inc() > 20 print(n)
print(not (n == inc()), n & inc(), n << inc(), n // inc())
