undefined_function("x")
