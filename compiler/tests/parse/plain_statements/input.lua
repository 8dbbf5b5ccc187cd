local a, b = 1
local function f(x, ...) return x, ... end
function M.sub.f() end
function M:method(x) self.x = x end
a, M.x, M["y"], M[a] = f(1), 2
do ; ; local inner end ;
while a < 3 do a = a + 1 end
repeat local done = f() until done
for i = 1, 10 do end
for i = 10, 1, -1 do break end
for k, v in pairs(M) do print(k, v) end
if a then elseif b then else end
goto done
::done::
f "text" { 1 } [[long]] (a, b) : method "x"
return a, (f()), f()
