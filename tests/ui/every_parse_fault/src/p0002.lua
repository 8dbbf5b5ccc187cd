local price = 5 $
