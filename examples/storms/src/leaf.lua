-- Ends at once, with what can be checked.
local function main(number)
    return number * 2 + 1
end

return { main = main }
