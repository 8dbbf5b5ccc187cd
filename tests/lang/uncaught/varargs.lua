local a, b = ... print(a, b, select("#", ...)) error(a)
