local a = b
type X = number
(f or g)(a)
local c = d
interface I end
(f or g)(c)
f() type Y = X
