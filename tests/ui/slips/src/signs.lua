local half = 7 // 2
print(half // 2, 7 // half)
local wrong = 7 // 2 half
