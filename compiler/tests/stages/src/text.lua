local M = {}

-- Dots on the right, up to a width.
function M.pad(s: string, width: number): string
    return s .. string.rep(".", width - #s)
end

return M
