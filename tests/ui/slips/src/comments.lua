local x = 5 // this is a comment
x = tonumber(x) // comment too, with words
local y = 7 // the end
local list = { // first (of all
  1,
  x // 2,
}
print(y, list)
