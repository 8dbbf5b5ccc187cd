local n = 0
for x in function() n = n + 1 if n > 2 then error("no more") end return n end do print(x) end
