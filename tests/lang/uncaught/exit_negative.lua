print("closing") os.exit(-1, true)
