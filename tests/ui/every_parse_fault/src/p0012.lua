local limit <constant> = 5
