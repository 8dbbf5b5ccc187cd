local left, right = {}, 1
if left < right then print("never") end
