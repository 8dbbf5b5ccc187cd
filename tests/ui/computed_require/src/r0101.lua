local thing = require("thing")
print(thing)

return { main = print }
