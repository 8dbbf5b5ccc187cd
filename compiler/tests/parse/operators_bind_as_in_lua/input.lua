return 2^-3^2
----
return -2^2
----
return 2^3^2
----
return not a == b
----
return 1 << 2 + 1
----
return 1 | 2 ~ 3 & 4
----
return 7 & 3 << 1
----
return a .. b .. c + 1
----
return a < b == c
----
return 5 & 3 == 1
----
return 2 * 3 % 4 // 1
----
return a or b and c or d
----
return - - a + ~b - #c
----
return a.b.c[1](2):m(3) ^ 2
----
return (a + b) * c - (d)
----
return not not a and -x ^ 2
----
return a .. (b .. c)
