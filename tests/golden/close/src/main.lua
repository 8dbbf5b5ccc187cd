local io = require("io")
local function print(...) io.print(...) end
local function main()
local log = {}
local function closer(name, fails)
  return setmetatable({}, { __close = function(_, e)
    log[#log + 1] = name .. ":" .. tostring(e)
    if fails then error("close " .. name, 0) end
  end })
end
local function take() local t = table.concat(log, " ") log = {} return t end
do
  local a <close> = closer("a")
  local b <close> = closer("b")
  log[#log + 1] = "body"
end
print(take())
local function returns(x)
  local r <close> = closer("r")
  if x then return "early", 1 end
  local c <const> = 5
  return c, 2, 3
end
print(returns(true)) print(take())
print(returns(false)) print(take())
for i = 1, 4 do
  local l <close> = closer("l" .. i)
  if i == 2 then goto continue end
  if i == 3 then break end
  log[#log + 1] = "end" .. i
  ::continue::
end
print(take())
print(pcall(function() local p <close> = closer("p") error("oops", 0) end)) print(take())
print(pcall(function() local p <close> = closer("p", true) error("oops", 0) end)) print(take())
print(pcall(function() local p <close> = closer("x", true) return 1 end)) print(take())
print(pcall(function() local bad <close> = {} end))
local function nested()
  while true do
    local o <close> = closer("o")
    for i = 1, 3 do
      local n <close> = closer("n" .. i)
      if i == 2 then return "out" end
    end
  end
end
print(nested()) print(take())
do local n <close> = nil local f <close> = false print("nil ok") end
local count = 0
local function rec(n) local x <close> = closer("z") count = count + 1 if n > 0 then return rec(n - 1) end return n end
print(rec(3), count) print(take())
do
  local i = 1
  ::top::
  local g <close> = closer("g" .. i)
  if i < 3 then i = i + 1 goto top end
end
print(take())
-- Its last read hands over a value, but not that of a variable that will be closed.
local object = setmetatable({ name = function(self) return self.text end, text = "last" }, {})
local function last_reads()
  local closed <close> = setmetatable({ text = "closed", name = object.name }, { __close = function(v) print("close", v:name()) end })
  for round = 1, 2 do
    local each = setmetatable({ text = round }, { __index = object })
    print(each:name())
  end
  print(object:name())
  local again = object
  if again:name() == "last" then return closed:name() end
  return again:name()
end
print(last_reads())
-- What makes the value does not wait, closing it does, in some block of the program.
local function slow() return setmetatable({}, { __close = function() coroutine.yield("closing") end }) end
local co = coroutine.wrap(function() local a <close> = slow() return "closed" end)
print(co()) print(co())
do local quick <close> = closer("quick") print("in the block") end
print(take())
end
return { main = main }
