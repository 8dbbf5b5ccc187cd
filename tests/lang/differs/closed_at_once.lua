local name = os.tmpname()
io.open(name, "w"):write("all of it")
print(io.open(name):read("a"))
os.remove(name)
