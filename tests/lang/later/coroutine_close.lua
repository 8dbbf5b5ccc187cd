-- coroutine.close, as Lua 5.4 documents it; lua5.4 prints the same, but for the words of the argument errors,
-- and it asks the handler of an xpcall around what is closed. A coroutine that ends with an error closes its
-- variables at once here, where Lua 5.4 leaves that to coroutine.close.
local function closer(name, fails)
  return setmetatable({}, { __close = function(_, e) print("close", name, e) if fails then error("from " .. name, 0) end end })
end
-- suspended with several
local function several(f1, f2)
  return coroutine.create(function()
    local a <close> = closer("a", f1)
    local b <close> = closer("b", f2)
    coroutine.yield(1)
    print("never")
  end)
end
for _, fails in ipairs({ { false, false }, { true, false }, { false, true }, { true, true } }) do
  local co = several(fails[1], fails[2])
  print(coroutine.resume(co))
  print("closed", coroutine.close(co))
  print(coroutine.status(co), coroutine.close(co), coroutine.resume(co))
end
-- pcall in the coroutine does not catch the closing
local co = coroutine.create(function()
  print(pcall(function()
    local a <close> = closer("in pcall", true)
    coroutine.yield()
  end))
  print("never")
end)
coroutine.resume(co) print(coroutine.close(co), coroutine.status(co))
co = coroutine.create(function()
  print(xpcall(function()
    local a <close> = closer("in xpcall", true)
    local b <close> = closer("too")
    coroutine.yield()
  end, function(e) print("handler", e) return e end))
  print("never")
end)
coroutine.resume(co) print(coroutine.close(co), coroutine.status(co))
-- pcall in a closer does
co = coroutine.create(function()
  local outer <close> = closer("outer")
  local a <close> = setmetatable({}, { __close = function(_, e)
    print(pcall(error, "inside")) print(pcall(function() local c <close> = closer("inner", true) return 1 end))
    print(coroutine.running() == co, coroutine.status(co), coroutine.isyieldable())
    print(coroutine.resume(coroutine.create(function() coroutine.yield(5) end)))
    print(coroutine.close(coroutine.create(print)))
  end })
  coroutine.yield()
end)
coroutine.resume(co) print(coroutine.close(co))
-- a yield in a closer
co = coroutine.create(function()
  local outer <close> = closer("outer")
  local a <close> = setmetatable({}, { __close = function() print(pcall(coroutine.yield, 1)) coroutine.yield(2) end })
  coroutine.yield()
end)
coroutine.resume(co) print(coroutine.close(co)) print(coroutine.status(co))
-- not started, ended, failed
co = coroutine.create(function() local a <close> = closer("never") end) print(coroutine.close(co), coroutine.status(co), coroutine.close(co))
co = coroutine.create(function() local a <close> = closer("ended") return 7 end) print(coroutine.resume(co)) print(coroutine.close(co))
-- in functions below, loops, and methods
co = coroutine.create(function()
  local function deep(n)
    local d <close> = closer("deep" .. n)
    if n > 0 then deep(n - 1) else for i = 1, 3 do local l <close> = closer("loop" .. i) if i == 2 then coroutine.yield(i) end end end
  end
  deep(2)
end)
print(coroutine.resume(co)) print(coroutine.close(co))
-- inside an iterator and a metamethod
co = coroutine.wrap(function()
  local t = setmetatable({}, { __index = function(_, k) local m <close> = closer("index") return coroutine.yield(k) end })
  for x in function() local i <close> = closer("iterator") return t.key end do print("x", x) end
end)
print(co())
local inner
co = coroutine.create(function()
  local t = setmetatable({}, { __index = function(_, k) local m <close> = closer("index") return coroutine.yield(k) end })
  for x in function() local i <close> = closer("iterator") return t.key end do print("x", x) end
end)
print(coroutine.resume(co)) print(coroutine.close(co))
-- a coroutine closes another one; itself it cannot
co = coroutine.create(function() local a <close> = closer("other") coroutine.yield() end) coroutine.resume(co)
print(coroutine.wrap(function() local b <close> = closer("own") return coroutine.close(co) end)())
co = coroutine.create(function() return pcall(coroutine.close, co) end) print(coroutine.resume(co))
co = coroutine.create(function() return coroutine.resume(coroutine.create(function() return pcall(coroutine.close, co) end)) end) print(coroutine.resume(co))
print(pcall(coroutine.close)) print(pcall(coroutine.close, 1))
-- wrap in a for, left in the middle: nobody closes it
for v in coroutine.wrap(function() local w <close> = closer("wrapped") for i = 1, 3 do coroutine.yield(i) end end) do print(v) if v == 2 then break end end
for v in coroutine.wrap(function() local w <close> = closer("wrapped to the end") for i = 1, 2 do coroutine.yield(i) end end) do print(v) end
print(pcall(function() for v in coroutine.wrap(function() local w <close> = closer("fails", true) coroutine.yield(1) error("first", 0) end) do print(v) end end))
-- error objects
co = coroutine.create(function() local a <close> = setmetatable({}, { __close = function() error({ code = 5 }) end }) coroutine.yield() end)
coroutine.resume(co) local ok, e = coroutine.close(co) print(ok, type(e), e.code)
-- nil error
co = coroutine.create(function() local b <close> = closer("gets nil") local a <close> = setmetatable({}, { __close = function() error() end }) coroutine.yield() end)
coroutine.resume(co) print(coroutine.close(co))
co = coroutine.create(function() local a <close> = closer("failed") error("of the body", 0) end)
print(coroutine.resume(co)) print(coroutine.close(co)) print(coroutine.close(co))
