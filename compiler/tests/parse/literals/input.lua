return 0, 12, 1.5, .5, 3., 1e5, 1.5e-3, 0xFF, 0xffffffffffffffff, 9223372036854775808, 010, 0x1p4, 0x.8p1
----
return "a\n\t\\\"\'\065\x41\u{48}\z
    b", 'c\
d', [[
first line gone]], [==[ ]] ]==], "é", '\0'
----
return nil, true, false, ..., {}, { 1, 2; x = 3, ["y"] = 4, [5] = 6, f(), }
----
if x==1then return 0or 2,0xfor 3 end
