local function main(to, count)
    for _ = 1, count do
        process.send(to, "item", true)
    end
    return 0
end

return { main = main }
