coroutine.wrap(function() pcall(function() os.exit(9) end) end)()
print("never")
