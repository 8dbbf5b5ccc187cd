loaded = loaded or {}
table.insert(loaded, "deep")
return {}
