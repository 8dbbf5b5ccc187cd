local ok, e = pcall(error, "first") error(e, 0)
