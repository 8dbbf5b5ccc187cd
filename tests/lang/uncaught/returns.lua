print("a script may return") return 1, 2
