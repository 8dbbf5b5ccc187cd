-- Functions of later versions, of older ones (as many distributions build Lua 5.3) and of applications.
print(type(coroutine.close), type(coroutine.spawn), type(table.create), type(table.freeze), type(table.isfrozen))
print(type(math.pow), type(math.cosh), type(math.log10), type(math.ldexp), type(math.frexp))
print(type(channel), type(errors), type(payload), type(process), type(string.dump))
