print(a=5)

print("one" "two" three)

local values = {
  print(1
    2),
}
