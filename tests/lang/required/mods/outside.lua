print("never") break
