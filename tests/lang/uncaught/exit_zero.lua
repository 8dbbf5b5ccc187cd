os.exit(0) print("no")
