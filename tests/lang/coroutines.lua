-- manual coroutines: create, resume, yield, wrap, status, close, running, isyieldable

local function basics()
  local co = coroutine.create(function(a, b)
    local c = coroutine.yield(a + b)
    local d, e = coroutine.yield(c * 2)
    return d + e, "end"
  end)
  assert(coroutine.status(co) == "suspended")
  local ok, v = coroutine.resume(co, 1, 2)
  assert(ok and v == 3)
  ok, v = coroutine.resume(co, 10)
  assert(ok and v == 20)
  local ok2, x, y = coroutine.resume(co, 3, 4)
  assert(ok2 and x == 7 and y == "end" and coroutine.status(co) == "dead")
  local dead, msg = coroutine.resume(co)
  assert(dead == false and msg == "cannot resume dead coroutine")
end

local function generator(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end)
end

local function wraps()
  local s = 0
  for i, sq in generator(5) do s = s + i * 100 + sq end
  assert(s == 1500 + 55)
  local g = coroutine.wrap(function() error({ code = 3 }) end)
  local ok, e = pcall(g)
  assert(not ok and e.code == 3)
  local once = coroutine.wrap(function() return "v" end)
  assert(once() == "v")
  local ok2, e2 = pcall(once)
  assert(not ok2 and e2:find("cannot resume dead coroutine", 1, true))
end

local function permutations(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(table.concat(a, "")) else
    for i = 1, n do
      a[n], a[i] = a[i], a[n]
      permutations(a, n - 1)
      a[n], a[i] = a[i], a[n]
    end
  end
end

local function recursive_generator()
  local all = {}
  for p in coroutine.wrap(function() permutations({ "a", "b", "c" }) end) do all[#all + 1] = p end
  table.sort(all)
  assert(table.concat(all, " ") == "abc acb bac bca cab cba")
end

local function yield_across_pcall()
  local co = coroutine.create(function()
    local ok, e = pcall(function() local v = coroutine.yield("in"); error("got " .. v, 0) end)
    return e
  end)
  local _, v = coroutine.resume(co)
  assert(v == "in")
  local _, r = coroutine.resume(co, "x")
  assert(r == "got x")
end

local function status_and_running()
  local co
  co = coroutine.create(function()
    assert(coroutine.status(co) == "running" and coroutine.running() == co)
    local inner = coroutine.create(function() return coroutine.status(co) end)
    local _, s = coroutine.resume(inner)
    assert(s == "normal")
    local ok, e = coroutine.resume(co)
    assert(not ok and e == "cannot resume non-suspended coroutine")
    assert(coroutine.isyieldable())
  end)
  local ok, e = coroutine.resume(co)
  assert(ok, e)
end

local function producer_consumer()
  local function producer() return coroutine.create(function() for _, l in ipairs({ "one", "two" }) do coroutine.yield(l) end end) end
  local function filter(p)
    return coroutine.create(function()
      local n = 1
      while true do
        local _, line = coroutine.resume(p)
        if not line then return end
        coroutine.yield(n .. " " .. line)
        n = n + 1
      end
    end)
  end
  local f, out = filter(producer()), {}
  while true do
    local _, line = coroutine.resume(f)
    if not line then break end
    out[#out + 1] = line
  end
  assert(table.concat(out, ",") == "1 one,2 two")
end

local function main()
  basics()
  wraps()
  recursive_generator()
  yield_across_pcall()
  status_and_running()
  producer_consumer()
  return 0
end
main()
print("ok")
