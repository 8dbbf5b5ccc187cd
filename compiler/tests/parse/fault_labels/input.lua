goto nowhere
::a:: ::a::
goto b
local x
::b::
x()
break
local function f() return ... end
local c <const> = 1
c = 2
local d <close>, e <close> = 1
repeat goto u; local w; ::u:: until w
