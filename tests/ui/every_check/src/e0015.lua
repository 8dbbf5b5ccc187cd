local total
print(total + 1)

return { main = print }
