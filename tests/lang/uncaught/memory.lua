-- Address space: 700 MB
print("before")
local text = ("x"):rep(300000000)
print(#(text .. text))
