local ctx = require("ctx")
local time = require("time")

local function run(n, how)
    if how == "context" then
        return (ctx.get("colour"))
    elseif how == "raise" then
        error("no number")
    elseif how == "slow" then
        time.sleep("10s")
    end
    return n * 2
end

return { run = run }
