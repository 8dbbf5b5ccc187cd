-- A source that is not UTF-8: a comment with éè in Latin-1.
local word = "café" print(#word, word:byte(1, -1))
local long = [[ÿþ Ã© €]] print(#long, long:byte(1, -1))
local t = { ["à"] = 1, caf = 2 } print(t["à"], t["\xe0"], t["Ã "], next({ ["ü"] = 1 }):byte())
print(("été"):gsub("[é]", "e"), "é" < "ê", "a\z
  ñ" == "a\xf1")
