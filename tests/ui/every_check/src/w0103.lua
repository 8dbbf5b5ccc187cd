local f = load("return 1")
print(f, loadstring)

return { main = print }
