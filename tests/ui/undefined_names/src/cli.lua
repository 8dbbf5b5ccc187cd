local function main()
    goto nowhere
    break
    local x <const> = 1
    x = 2
    ::twice::
    ::twice::
end

return { main = main }
