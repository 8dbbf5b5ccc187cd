-- A recursion without end: the stack is used up, and this process alone fails.
local function deeper(n: number): number
    return 1 + deeper(n + 1)
end

local function main(): number
    return deeper(1)
end

return { main = main }
