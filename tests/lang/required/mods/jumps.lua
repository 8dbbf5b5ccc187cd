local function f()
  goto nowhere
end
