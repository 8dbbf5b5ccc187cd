local a=1
print(a)
print("cr")
