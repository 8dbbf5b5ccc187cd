local t = {
  a = 1,
}
local function deep(n)
  if n == 0 then
    error("at the bottom")
  end
  deep(n - 1)
end
deep(3)
