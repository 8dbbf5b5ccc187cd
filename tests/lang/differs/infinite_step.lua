-- The first turn of a loop whose step is infinite
for i = 1, 3, math.huge do io.write(i, " ") end print()
for i = 3, 1, -math.huge do io.write(i, " ") end print()
