for i = 1 do print(i) end
for i do print(i) end
for i, j = 1, 2 do print(i) end
