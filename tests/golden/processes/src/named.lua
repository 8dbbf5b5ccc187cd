local function main()
    process.registry.register("keeper")
    process.inbox():receive()
end

return { main = main }
