goto after
local x = 1
::after::
print(x)
