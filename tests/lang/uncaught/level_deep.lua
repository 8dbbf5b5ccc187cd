local function check(value) if value < 0 then error("negative: " .. value, 3) end end
local function outer(value) check(value) return 1 end
print(outer(1))
print(outer(-1))
