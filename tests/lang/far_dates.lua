-- Years beyond 9999, and before the year 0.
for _, moment in ipairs { 253402300800, -62167219201, 2 ^ 55, -2 ^ 55, 2 ^ 60 } do
  print(pcall(os.date, "!%Y-%m-%d %H:%M:%S %a %j", moment // 1 | 0))
end
print(os.date("!%F", os.time { year = 123456, month = 7, day = 8, hour = 12 }))
