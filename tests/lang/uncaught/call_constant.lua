("text")()
