-- closures, upvalues, fresh loop variables
local counter = 0
local function bump() counter = counter + 1; return counter end

local function shared_pair()
  local v = 0
  return function() v = v + 1; return v end, function() return v end
end

local function deep()
  local a = 1
  return function()
    local b = 2
    return function()
      local c = 3
      a = a + 1
      b = b * 2
      return function() return a + b + c end
    end
  end
end

local function loops()
  local fs = {}
  for i = 1, 3 do
    local j = i * 10
    fs[#fs + 1] = function() i = i + 1; j = j + 1; return i + j end
  end
  for _, v in ipairs({ 5, 6 }) do
    fs[#fs + 1] = function() v = v + 1; return v end
  end
  return fs
end

local function param_capture(a, b)
  local function set(x) a = x end
  local function get() return a + b end
  set(100)
  return get()
end

local function recursive_local()
  local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end
  local fib
  fib = function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
  return fact(10), fib(15)
end

local function mutual()
  local is_odd
  local function is_even(n) if n == 0 then return true end return is_odd(n - 1) end
  is_odd = function(n) if n == 0 then return false end return is_even(n - 1) end
  return is_even(10), is_odd(7), is_even(7)
end

local function recursive_closure_with_state()
  local calls = 0
  local function walk(n)
    calls = calls + 1
    if n > 0 then walk(n - 1); walk(n - 1) end
  end
  walk(3)
  return calls
end

local function self_reference_escapes()
  local seen = {}
  local function visit(n)
    seen[#seen + 1] = visit
    if n > 0 then return visit(n - 1) end
    return #seen
  end
  local n = visit(2)
  return n == 3 and seen[1] == visit and seen[3] == visit
end

local function shadowing()
  local x = 1
  local f = function() return x end
  local x = x + 1
  local g = function() x = x + 1; return x end
  do local x = 100; assert(x == 100) end
  return f(), g(), g(), f()
end

local function while_upvalue()
  local i, fs = 0, {}
  while i < 3 do
    i = i + 1
    local k = i
    fs[i] = function() k = k + i; return k end
  end
  return fs[1](), fs[2](), fs[3]()
end

local function vararg_capture(...)
  local packed = { ... }
  local n = select("#", ...)
  return function(i) return packed[i], n end
end

local function main()
  assert(bump() == 1 and bump() == 2 and counter == 2)
  local inc, get = shared_pair()
  inc(); inc()
  assert(get() == 2)
  local one = deep()
  local two = one()
  local f1 = two()
  local f2 = two()
  assert(f1() == 3 + 8 + 3 and f2() == f1())
  local fs = loops()
  assert(fs[1]() == 2 + 11 and fs[1]() == 3 + 12 and fs[2]() == 3 + 21 and fs[4]() == 6 and fs[4]() == 7 and fs[5]() == 7)
  assert(param_capture(1, 2) == 102)
  local a, b = recursive_local()
  assert(a == 3628800 and b == 610)
  local e, o, e7 = mutual()
  assert(e == true and o == true and e7 == false)
  assert(recursive_closure_with_state() == 15)
  assert(self_reference_escapes())
  local s1, s2, s3, s4 = shadowing()
  assert(s1 == 1 and s2 == 3 and s3 == 4 and s4 == 1)
  local w1, w2, w3 = while_upvalue()
  assert(w1 == 4 and w2 == 5 and w3 == 6)
  local v, n = vararg_capture("a", nil, "c", nil)(3)
  assert(v == "c" and n == 4)
  return 0
end
main()
print("ok")
-- the function of `local f = function` sees the f from outside
local tostring = function(v) return "<" .. tostring(v) .. ">" end
print(tostring(1), pcall(function() local again = function(n) return again(n) end return again(1) end))

-- A closure called by another name than its own, which a later local has taken.
do
  local outer = {}
  local function first(text) outer[#outer + 1] = text; return "first " .. text end
  local alias = first
  local function first(text) outer[#outer + 1] = alias(text); return "second " .. text end
  print(first("a"), alias("b"), table.concat(outer, ","))
  local list = { first, alias("c") }
  print(#list, list[2], first == alias)
  local function inner() return alias("d"), first("e") end
  print(inner())
end

-- A function assigned to a local sees the local of that name before it, also where the new one is shared.
do
  local again = function(n) return n + 1 end
  local again = function(n) return again(n) * 10 end
  assert(again(1) == 20)
  local function replace() again = function(n) return -n end end
  replace()
  assert(again(1) == -1)
end
