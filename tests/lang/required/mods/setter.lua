package.loaded[...] = "set inside"
