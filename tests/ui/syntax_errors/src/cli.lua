local function main()
    if ready than
        return 1
    end
end

return { main = main }
