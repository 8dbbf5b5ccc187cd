local end = 3
t.end = 4
function a.then() end
function f(if) end
goto while
for do = 1, 2 do end
----
local a.b = 3
----
local function a.b() end
----
local function () end
----
x = function f() end
----
goto 3
----
::x
----
function f(a, b c) end
----
function f(a,) end
----
for in x do end
----
local
----
loca x = 3
----
fucntion f() x() end
----
local x <foo> = 3
----
function f; (x) end
----
x = function y end
