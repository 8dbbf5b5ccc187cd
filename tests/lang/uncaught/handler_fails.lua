print(xpcall(function() error("first", 0) end, function(e) error("second " .. e, 0) end))
print(xpcall(function() error("first", 0) end, function(e) local u return u.x end))
print(pcall(error)) print(pcall(error, nil))
assert(false, { code = 2 })
