local n = 0
for i = math.maxinteger - 1, math.maxinteger do
  n = n + 1
  print(i)
  if n == 4 then break end
end
