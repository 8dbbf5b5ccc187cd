-- Lua's collector is done after some steps, ours after each.
print(collectgarbage("step", 0))
