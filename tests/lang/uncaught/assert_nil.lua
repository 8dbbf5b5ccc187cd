local file = assert(io.open("/no/such/file"))
