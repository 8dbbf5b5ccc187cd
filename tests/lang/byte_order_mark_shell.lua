#!/usr/bin/lua
print("after a byte order mark and a line of the shell", select(2, pcall(error, "x", 2)))
print(pcall(function() error("line 4") end))
