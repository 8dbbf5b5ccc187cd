local unused = 1
local function helper() end

return { main = print }
