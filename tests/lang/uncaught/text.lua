print("before") error("plain text", 0)
