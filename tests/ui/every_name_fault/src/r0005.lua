local function f() return ... end
return { main = f }
