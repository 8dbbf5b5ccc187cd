local i = 1
i++
local t = { n = 1 }
t.n++
print(t)
t.n--
print(i)
++i
i--
print(i)
