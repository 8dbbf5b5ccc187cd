loaded = loaded or {}
table.insert(loaded, "second")
return { deep = require("bottom"), name = "second" }
