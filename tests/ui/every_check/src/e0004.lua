local function main()
  print(string.fromat("x"))
  print(math.round(1.5))
end

return { main = main }
