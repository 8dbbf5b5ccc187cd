local name = "ti" .. tostring(1)
print(require(name))

return { main = print }
