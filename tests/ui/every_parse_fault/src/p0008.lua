local x = f(1)
(g or h)(2)
