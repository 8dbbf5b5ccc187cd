local methods = {}
for _, name in ipairs({ "run", "main" }) do
    methods[name] = function() end
end
return methods
