-- Where an element at the end may just have been cleared, `next` cannot tell the key from one that never was.
print(pcall(next, { 10, 20 }, 3))
