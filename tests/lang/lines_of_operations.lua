-- 3.4: the lines of operations whose expressions take several
local function ok(...) return nil end
local u
local function report(n, f) local good, message = pcall(f) print(n, message) end
report(0, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { a
.b
,
1 }
end)
report(1, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { 1,
a
.b
;
}
end)
report(2, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { a
.b,
y = 1
}
end)
report(3, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { a
.b -- c
 --[[ d
]]
 }
end)
report(4, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return a
:m()
end)
report(5, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return t
:m()
end)
report(6, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return t
:self()
:n()
end)
report(7, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
function t.u.f()

end
end)
report(8, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
function t.q.f()

end
end)
report(9, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.q.f = function()

end
end)
report(10, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
function t.q:f()

end
end)
report(11, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(1, a
.b
, 2)
end)
report(12, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = (a.b.c)
+ 1
end)
report(13, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = ((a) )
-- c
+ 1
end)
report(14, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if a.b
== 1
then end
end)
report(15, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if a
.b and
t then end
end)
report(16, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if not
a
.b
then end
end)
report(17, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(t
:m(
))
end)
report(18, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a.b -- why
  or 1
end)
report(19, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t
:self()
:self()
.q
.r
end)
report(20, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:self()
.q
.r = 1
end)
report(21, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
.b
.c
end)
report(22, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
.b
.c
.d
end)
report(23, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return t
.b
.c
end)
report(24, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = (a
.b
).c
end)
report(25, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
[
'b'
]
['c']
end)
report(26, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
[ k
.z ]
end)
report(27, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
.b
.c()
end)
report(28, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
.b()
end)
report(29, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
.f
()
end)
report(30, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
.f(
1
)
end)
report(31, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:m()
end)
report(32, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:m
(1,
2)
end)
report(33, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
:m()
end)
report(34, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
:m()
.y
end)
report(35, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok()
.x
.y()
end)
report(36, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local y = ok()
.x
.y
end)
report(37, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok
(
)
.x()
end)
report(38, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
.b
.c = 1
end)
report(39, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.x
.y
.z = 1
end)
report(40, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
.b
=
1
end)
report(41, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a.b =
 1
end)
report(42, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a.b = ok(
)
end)
report(43, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a.b = {

}
end)
report(44, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.q.r =

1 +
 1
end)
report(45, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a[
1
] = 2
end)
report(46, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local q = 1 a
.b, q =
 1,
 2
end)
report(47, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
q, t
.x
.y = 1
,
2
end)
report(48, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 +
 a
end)
report(49, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
+
1
end)
report(50, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1
+ 2
+ a
end)
report(51, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a ..
 'b' ..
 'c'
end)
report(52, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 'b'
..
a
..
'c'
end)
report(53, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 'x'
.. 'b' ..
 t
end)
report(54, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = -
a
end)
report(55, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = - a
.b
end)
report(56, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = #
a
end)
report(57, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
<
1
end)
report(58, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 <

 t
end)
report(59, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if a
<
1
then end
end)
report(60, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t
==
a
.b
end)
report(61, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
while a
.b do end
end)
report(62, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
while a
<
 1 do end
end)
report(63, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
repeat until a
.b
end)
report(64, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if a
.b
then end
end)
report(65, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
if nil then elseif a
.b then end
end)
report(66, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for i = 1,
 a do end
end)
report(67, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for i =
 a, 1 do end
end)
report(68, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for i = 1, 2, 
a do end
end)
report(69, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for k in
 a do end
end)
report(70, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for k in
pairs
(a) do end
end)
report(71, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for k in pairs
(
a
) do end
end)
report(72, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
for i = 1, a
.b do end
end)
report(73, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(a
.b)
end)
report(74, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(1,
 a
.b,
3)
end)
report(75, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(
a
.b
)
end)
report(76, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok {
 a
.b,
}
end)
report(77, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok
'x'
.y()
end)
report(78, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return ok(
a
.b)
end)
report(79, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return a
(
)
end)
report(80, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
return a
.b
(
)
end)
report(81, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = {
 y = a
.b,
 z = 1 }
end)
report(82, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { [a
.b] = 1 }
end)
report(83, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { [
nil
] =
 1 }
end)
report(84, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { a
.b,
 1 }
end)
report(85, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = { 1,
 a
.b }
end)
report(86, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
.b and
 1
end)
report(87, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 and
 a
.b
end)
report(88, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = nil or
 a
.b

end)
report(89, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = not
 a
.b
end)
report(90, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
.b == 1
end)
report(91, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 == a
.b
end)
report(92, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
()

end)
report(93, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
(
1
)
end)
report(94, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(1)
(2)
end)
report(95, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(1)
.x
(2)
end)
report(96, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.f
(1)
(2)
end)
report(97, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local function f() return a
.b end f()
end)
report(98, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local s = 'x' s
:nope
()
end)
report(99, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a.b
.c
end)
report(100, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a.b . 
c
end)
report(101, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t.x.y.
z
end)
report(102, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
string.rep
()
end)
report(103, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = string.rep
(
)
end)
report(104, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
error
('x')
end)
report(105, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
error(
'x'
)
end)
report(106, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
assert(
nil,
'm')
end)
report(107, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1
//
0
end)
report(108, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 %

 0
end)
report(109, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 &
 1.5
end)
report(110, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a
&
1
end)
report(111, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = ~
a
end)
report(112, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t[
nil
] =
 1
end)
report(113, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t[nil
] = 1
end)
report(114, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 2
^
a
end)
report(115, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = a.b
+ 1
end)
report(116, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = 1 + a
.b
+ 2
end)
report(117, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = (1 +
 a)
+ 2
end)
report(118, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t < 
 a
end)
report(119, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t
<=
 t
end)
report(120, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = t >

 a
end)
report(121, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
u
.v
.w = 1
end)
report(122, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
u
.v = 1
end)
report(123, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
u
()
end)
report(124, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
u
.v
()
end)
report(125, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local x = u
.v
.w
end)
report(126, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
setmetatable(
1,
2
)
end)
report(127, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.f(
1,
 a.b)
end)
report(128, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
do local z = a
 .b end
end)
report(129, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
goto l do local z = 1 end ::l:: local x = a
.b
end)
report(130, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local p, q = 1,
 a
.b
end)
report(131, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local p, q = a
.b,
1
end)
report(132, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
local p, q = ok(),
 a
()
end)
report(133, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
p, t.z = a
.b,
1
end)
report(134, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.z, p = 1,
a
.b
end)
report(135, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
a
:m
(1)
:n()
end)
report(136, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:f()
:n()
end)
report(137, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:self()
:n()
end)
report(138, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t
:self()
:n
()
end)
report(139, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t:self()
:self()
:n(
1)
end)
report(140, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t:self()
.zz
:n(
1)
end)
report(141, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t:self
{
}
:n(
1)
end)
report(142, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
t.x(
).y = 1
end)
report(143, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok(
).y = 1
end)
report(144, function(a) local k local t = { x = {}, f = ok } t.self = function(s) return s end
ok().y.z
 =
 1
end)
