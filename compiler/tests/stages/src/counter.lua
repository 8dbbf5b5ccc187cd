local time = require("time")
local text = require("text")

local count = 0

local function bump(by)
    count = count + by
    return count
end

local function wait(seconds)
    time.sleep(seconds .. "s")
end

local function main(limit)
    for i = 1, limit do
        if i % 2 == 0 then
            goto continue
        end
        print(text.pad("n", 5), bump(i))
        ::continue::
    end
    wait(1)
    return count
end

return { main = main }
