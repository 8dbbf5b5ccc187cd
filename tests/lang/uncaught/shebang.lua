#!/usr/bin/env lua
print("line two is") error("line 2")
