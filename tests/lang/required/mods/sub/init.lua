print("sub", ...) return require("mods.counter").bump()
