local function main()
  for i in 1, 10 do print(i) end
  for item in { "a", "b" } do print(item) end
end

return { main = main }
