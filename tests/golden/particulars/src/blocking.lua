local time = require("time")
time.sleep("1ms")
return { main = function() end }
