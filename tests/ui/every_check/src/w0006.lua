local time = require("time")

return { main = print }
