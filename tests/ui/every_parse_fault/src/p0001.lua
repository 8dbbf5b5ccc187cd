if ready than
  print("no")
end
