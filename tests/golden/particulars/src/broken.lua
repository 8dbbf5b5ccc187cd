if os.platform then error("broken on purpose") end
return { main = function() end }
