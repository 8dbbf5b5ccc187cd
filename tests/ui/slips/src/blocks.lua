local function f(x)
  return x
endd
if f then
  f(1)
edn
is x
