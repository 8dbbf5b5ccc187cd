-- `bit32` and `math.atan2`, which Lua 5.3 has if it is built to be compatible with 5.2, as it mostly is.
print(bit32.band(), bit32.band(0xff, 0x0f, 6), bit32.bor(1, 2, 4), bit32.bxor(7, 2), bit32.bnot(0), bit32.btest(1, 2), bit32.btest(3, 2))
print(bit32.band(-1), bit32.band(2^40 + 5), bit32.bnot(0xffffffff), bit32.bor(), bit32.bxor(-1, 1))
print(bit32.lshift(1, 31), bit32.lshift(1, 32), bit32.lshift(8, -2), bit32.rshift(0xf0000000, 28), bit32.rshift(1, -3), bit32.rshift(-1, 40))
print(bit32.arshift(0x80000000, 4), bit32.arshift(0x40000000, 4), bit32.arshift(-1, 100), bit32.arshift(1, -4))
print(bit32.lrotate(0x12345678, 4), bit32.rrotate(0x12345678, 4), bit32.lrotate(1, -1), bit32.rrotate(1, 33))
print(bit32.extract(0xabcd, 4, 8), bit32.extract(0xabcd, 0), bit32.replace(0xabcd, 0x12, 4, 8), bit32.replace(0, 1, 31), bit32.extract(-1, 0, 32))
for _, f in ipairs {
  function() return bit32.band("x") end, function() return bit32.band(1.5) end, function() return bit32.bnot() end,
  function() return bit32.extract(1, -1) end, function() return bit32.extract(1, 2, 0) end,
  function() return bit32.extract(1, 30, 3) end, function() return bit32.replace(1, 2) end,
} do print(pcall(f)) end
print(math.atan2(1, 1) == math.pi / 4, math.atan2(-1, 0) < 0, package.loaded.bit32 == bit32)
local names = {}
for name in pairs(bit32) do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, " "))
