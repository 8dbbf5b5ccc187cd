f(x) :: number
