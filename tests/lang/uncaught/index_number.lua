local count = 5
count.x = 1
