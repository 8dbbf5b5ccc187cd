-- A line feed before a carriage return: one line end in Lua
print(#[[a
b]])
