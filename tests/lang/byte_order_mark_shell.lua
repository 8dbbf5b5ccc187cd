#!/usr/bin/lua
print("after a byte order mark and a line of the shell")
print(pcall(function() error("line 3") end))
