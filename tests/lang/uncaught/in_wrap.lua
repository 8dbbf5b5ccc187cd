local step = coroutine.wrap(function() coroutine.yield(1) error("in the coroutine") end)
print(step())
step()
