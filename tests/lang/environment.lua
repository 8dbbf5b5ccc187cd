-- A local named `_ENV` is where free names are looked up, for reading, writing and calling.
local print, pcall, setmetatable, globals = print, pcall, setmetatable, _G

local function sandbox()
  local _ENV = { print = print, answer = 42 }
  print(answer, tostring, missing)
  fresh = "stored"
  function named(x) return x, fresh end
  print(_ENV.fresh, named(1))
  answer = answer + 1
  for i = 1, 2 do total = (total or 0) + i end
  return _ENV
end
local inside = sandbox()
print(inside.answer, inside.total, inside.named(2))
print(globals.fresh, globals.named, globals.total)

-- As a parameter, and seen through a function inside.
local function read(_ENV) return function() return x, y end end
print(read({ x = 1, y = 2 })())

-- With the globals behind it.
do
  local _ENV = setmetatable({}, { __index = globals })
  value = 7
  print(value, type(value), globals.value, string.rep("x", 3))
  local function set() value = value * 2 end
  set()
  print(_ENV.value)
end
print(value)

-- Reassigned, and hidden by another.
do
  local _ENV = { print = print, name = "first" }
  print(name)
  _ENV = { print = print, name = "second" }
  print(name)
  do
    local _ENV = { print = print, name = "third" }
    print(name)
  end
  print(name)
end

-- Faults are those of the table it is.
print(pcall(function() local _ENV = nil; return x end))
print(pcall(function() local _ENV = setmetatable({}, { __index = function(_, k) return k .. "!" end }); return hello end))
