local function f()
  do return 1 end
  print("never")
end
print(f())

return { main = print }
