local object = { size = 1 }
object:resize(2)
