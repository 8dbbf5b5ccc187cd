print(type(load), type(loadfile), type(dofile), type(debug))
print(pcall(function() return load("return 1") end))
