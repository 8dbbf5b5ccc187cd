local name = "café"
return { main = function() return name end }
