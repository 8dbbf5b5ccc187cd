coroutine.wrap(function() error("from inside", 0) end)()
