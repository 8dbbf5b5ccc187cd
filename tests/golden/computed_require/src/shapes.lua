local words = require("words")

loads = (loads or 0) + 1

return { loads = loads, name = words.shout("shapes") }
