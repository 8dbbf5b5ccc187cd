print(type(coroutine.close), type(table.create), type(table.freeze), type(string.dump))
