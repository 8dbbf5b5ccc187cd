local function main()
    return 0
end

local function helper()
    return 1
end

return { main = main, helper = helper }
