-- Tail calls of values with `__call` that may suspend: they take no stack either.
local function gen() coroutine.yield(1) end
local o = setmetatable({}, {__call=function(self,n) if n==0 then return "done" end return self(n-1) end}) print(pcall(o,2e5))
local p = setmetatable({}, {__call=function(self,n) if n==0 then error("up", 2) end return self(n-1) end}) print(pcall(p,3))
local q = setmetatable({}, {__call=function(self,n) if n==0 then coroutine.yield(n) return 7 end return self(n-1) end})
local co = coroutine.wrap(function() local r = q(1000) return r, "end" end) print(co()) print(co())
local m = {} m.m = setmetatable({}, {__call=function(_, self,n) if n==0 then return "method" end return self:m(n-1) end}) print(m:m(1e5))
