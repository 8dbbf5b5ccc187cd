type Point = { x: number, y: number }
print(Point)

return { main = print }
