count = 1
print(count)

return { main = print }
