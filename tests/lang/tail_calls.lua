-- Tail calls of values with `__call` that may suspend: they take no stack either.
local function gen() coroutine.yield(1) end
local o = setmetatable({}, {__call=function(self,n) if n==0 then return "done" end return self(n-1) end}) print(pcall(o,2e5))
local p = setmetatable({}, {__call=function(self,n) if n==0 then error("up", 2) end return self(n-1) end}) print(pcall(p,3))
local q = setmetatable({}, {__call=function(self,n) if n==0 then coroutine.yield(n) return 7 end return self(n-1) end})
local co = coroutine.wrap(function() local r = q(1000) return r, "end" end) print(co()) print(co())
local m = {} m.m = setmetatable({}, {__call=function(_, self,n) if n==0 then return "method" end return self:m(n-1) end}) print(m:m(1e5))
-- What cannot be called is told where it stands, however much stack the tail calls before it have taken.
do
  local pong
  local function ping(n, callee) if n == 0 then return callee(n, "x") end return pong(n - 1, callee) end
  function pong(n, callee) if n == 0 then return callee("x", n) end return ping(n - 1, callee) end
  local many = {}
  for i = 1, 100 do many[i] = i end
  for _, callee in ipairs({ {}, 5, "text", setmetatable({}, {}), setmetatable({}, { __call = 7 }) }) do
    local messages = {}
    for n = 1, 6000, 7 do
      local _, message = pcall(ping, n, callee)
      if not messages[message] then messages[message] = true print(message) end
    end
    print(select(2, pcall(function() return callee(table.unpack(many)) end)))
  end
end
