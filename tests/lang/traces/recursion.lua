local function down(n) if n == 0 then error("bottom") end local r = down(n - 1) return r end
local function run() local r = down(1) return r end local ok = run() print(ok)
