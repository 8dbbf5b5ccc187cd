local count = 1
print(count, conut)

return { main = print }
