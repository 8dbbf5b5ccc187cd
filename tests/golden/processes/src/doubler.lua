local function main(parent, n)
    if type(n) ~= "number" then
        error("cannot double " .. n)
    end
    process.send(parent, "doubled", { answer = n * 2 })
    return { n = n, list = { "a", "b" } }
end

return { main = main }
