-- A suspended coroutine that only its own variables refer to: they live in its frame, which the
-- collector cannot look into.
local seen = setmetatable({}, { __mode = "k" })
do
  local co
  co = coroutine.create(function() coroutine.yield(co) end)
  coroutine.resume(co)
  seen[co] = true
end
collectgarbage()
collectgarbage()
print(next(seen) == nil and "collected" or "kept until the program ends")
