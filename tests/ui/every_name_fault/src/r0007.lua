local a <close>, b <close> = nil, nil
print(a, b)
