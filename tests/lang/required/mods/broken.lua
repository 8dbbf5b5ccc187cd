error("broken module", 0)
