local function area(width, height) return width * height end
print(area(2))
print(area(2, 3, 4))

return { main = print }
