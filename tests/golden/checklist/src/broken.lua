-- Its chunk fails, so that nobody can start it.
if not process.registry.lookup("nobody") then
    error("broken on purpose")
end

return { main = function() end }
