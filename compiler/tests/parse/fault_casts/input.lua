f() as T
x as T = 3
y! = 4
t.z :: T = 5
