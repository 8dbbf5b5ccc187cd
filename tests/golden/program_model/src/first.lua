loaded = loaded or {}
table.insert(loaded, "first")
return { deep = require("deep") }
