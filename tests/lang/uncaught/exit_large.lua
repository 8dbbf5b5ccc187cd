io.write("no line end") os.exit(256 + 7)
