-- Fields are walked in the order they were added; Lua's order is that of its hashes.
local fields = {}
for letter in ("the quick brown fox jumps over a lazy dog"):gmatch("%a+") do fields[letter] = #letter end
for word, length in pairs(fields) do io.write(word, "=", length, " ") end
print()
for key in pairs({ [1] = "a", [3] = "c", [2.5] = "b", z = 1, y = 2, x = 3 }) do io.write(tostring(key), " ") end
print()
