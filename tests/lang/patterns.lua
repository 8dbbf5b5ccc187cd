-- 4.3: patterns in find, match, gmatch, gsub
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = tostring(r[i]) end print(table.concat(r, " | ")) end
local subject = "THE (quick) fox, 42 times! [key]=value_1\t%end\n"
for _, p in ipairs({ "%a+", "%d+", "%s", "%S+$", "^THE", "^quick", "%((%a+)%)", "()fox()", "%[(.-)%]=(.*)", "(%w+)_(%d)", "%p+", "%l+", "%u+", "%x+", "%c", "[%a_][%w_]*", "[^%s]+", "[a-f]+", "[%]]", "[]]", "[^]]+", "[a-]", "[-a]", "[%w-_]+", "%%", ".", ".-", ".*", "x*", "x-", "x?", "q?u", "%b()", "%b[]", "%f[%a]%a+", "%f[%d]%d", "%f[%z]", "(.)(.)", "((.)(.))", "(q(u(i)))", "%1", "(%a)%1", "()", "(()())", "$", "^$", "^", "a$b", "%g+", "%G", "%A+", "%D+", "%W", "%L+", "%U+", "%P+", "%X+", "%C+", "[[:alpha:]]", "[%]%[]+", "[^%c%p%s]+", "+", "*a", "-x", "?", "]" }) do
  io.write(p, " ") try(string.find, subject, p) try(string.match, subject, p)
end
for _, p in ipairs({ "[a", "[", "[]", "[^]", "%", "a%", "(a", "a)", "(a))", "%0", "%2", "(a)%2", "%b", "%bx", "%f", "%fx", "[%", "[a-%", "[a-", ("(a)"):rep(33), ("(a"):rep(40) }) do
  try(string.find, "a(a)", p) try(string.match, "aaaa", p) try(string.gsub, "aaaa", p, "x")
end
for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end print()
for w in ("one two  three"):gmatch("%a+") do io.write(w, ";") end print()
for p in ("abc"):gmatch("()") do io.write(p, ";") end print()
for x in ("abc"):gmatch("") do io.write("[", x, "]") end print()
for x in ("abc"):gmatch("^a") do io.write("[", x, "]") end print()
for x in ("a,b,,c"):gmatch("[^,]*") do io.write("[", x, "]") end print()
local it = ("xyz"):gmatch(".") print(it(), it(), it(), it(), it())
print(("abc"):gsub("%w", "%0%0")) print(("abc"):gsub("%w", "%%%1")) print(("abc def"):gsub("(%w+) (%w+)", "%2 %1")) print(("abc"):gsub("", "-")) print(("abc"):gsub("%w*", "x")) print(("abc"):gsub("b*", "x")) print((""):gsub("", "x")) print((""):gsub("x", "y"))
print(("hello"):gsub("l", "L", 1)) print(("hello"):gsub("l", "L", 0)) print(("hello"):gsub("l", "L", -1)) print(("hello"):gsub("l", "L", 100)) print(("hello"):gsub("^h", "J")) print(("hello"):gsub("o$", "0")) print(("hello"):gsub(".", { h = "H", e = false, l = 1, o = 2.5 }))
print(("hello"):gsub(".", function(c) if c == "l" then return nil elseif c == "o" then return false end return c:upper() end)) print(("a b"):gsub("(%w)", function(...) return select("#", ...) end)) print(("ab"):gsub("()", function(p) return p end)) print(("ab"):gsub("(a)(b)", function(a, b) return b .. a end)) print(("x"):gsub("x", string.upper)) print(("x y"):gsub("%a", string.byte))
print(("abc"):gsub("b", 5), ("abc"):gsub("b", 2.5), ("a.b.c"):gsub("%.", "%%"), ("$name is $age"):gsub("%$(%w+)", { name = "Bob", age = 7 }))
try(string.gsub, "abc", "b", "%2") try(string.gsub, "abc", "b", "%") try(string.gsub, "abc", "b", "%x") try(string.gsub, "abc", "(b)", "%2") try(string.gsub, "abc", "b", function() return {} end) try(string.gsub, "abc", "b", { b = true }) try(string.gsub, "abc", "b", { b = print }) try(string.gsub, "abc", "b", nil) try(string.gsub, "abc", "b", function() error("inside") end) try(string.gsub, "abc", "b", function() error({}) end and function() error("plain", 0) end)
try(string.rep("x", 10).find, "x", "x", 1.5) try(string.gsub, "a", "a", "b", "x") try(string.gsub, "a", "a", "b", 1.5) try(string.match, "x", "x", {}) try(string.gmatch, {}, "x")
local mt = setmetatable({}, { __index = function(_, k) return "<" .. k .. ">" end }) print(("abc"):gsub("%w", mt))
print(("hello world from lua"):match("^(%w+)"), ("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("2024-01-15"):match("(%d+)-(%d+)-(%d+)"), ("  trim  "):match("^%s*(.-)%s*$") .. "|", ("f(a(b)c)d"):match("%b()"), ("\0a\0"):match("%z") == "\0", ("a\0b"):find("\0", 1, true), ("a\0b"):find("[\0]"), ("aXb"):match("%u", 3), ("abc"):match("b", -2), ("abc"):match("", 10), ("abc"):match("()", 4))
print(("THE (quick) fox"):find("%((%a+)%)"), ("aaa"):find("a-", 2), ("aaab"):match("a-b"), ("aaa"):match("^(a-)$"), ("ab12"):match("%a+%d-$"), ("[[x]]"):match("%[%[(.-)%]%]"), ("x"):match("x?x"), ("éa"):match("[\xC3][\xA9]") == "é", #("日本語"):gsub("[\x80-\xBF]", ""))
print(("x"):rep(300):match(("x?"):rep(10) .. ("x"):rep(30)) ~= nil, #("a"):rep(10000):match(".-$"), #("a"):rep(200000):match("a*"), pcall(string.match, ("a"):rep(300), ("(a)"):rep(3) .. ".-b"))
try(string.match, ("("):rep(300), "^%(*$") try(string.find, ("a"):rep(250), ("a?"):rep(250) .. "$") print(#(("x"):rep(1000):gsub("x", "yy")))
-- A loop over gmatch makes no calls: other variables than captures, what is unfinished, what is no pattern, empty subjects.
for _, p in ipairs({ "(%a)(%d)", "()%a+()", "%a", "((%a)%d)", "[%d]", "%d+", "(%d+)", "((%d)+)", "x", "%a(", "[", "%", "(a)(", "a%", ("("):rep(33) .. "a", ("("):rep(40), "^a", "$", "a$", "2$", "%%", "%.", ".", "[^%a]+" }) do
  for _, s in ipairs({ "a1 b2,c3", "", "aaa", "22" }) do
    io.write(p, " ")
    try(function() local all = {} for a, b, c in s:gmatch(p) do all[#all + 1] = tostring(a) .. tostring(b) .. tostring(c) end return table.concat(all, ";") end)
    try(function() local all = {} for a in s:gmatch(p) do all[#all + 1] = tostring(a) end return table.concat(all, ";") end)
    try(string.find, s, p, 2) try(string.gsub, s, p, "<%0>") try(string.gsub, s, p, "<%1>", 2)
  end
end
local words = ("one two three four"):gmatch("%a+")
for word in words do if word == "two" then break end end
for word in words do io.write(word, " ") end print(words())
print(select("#", (function() for word in ("a b"):gmatch("%a") do return word, word end end)()))
local long = ("x"):rep(1000) .. ",y" print(long:find(","), long:find("[,]"), long:find("[,y]+"), long:find("[^x]"), long:gsub("[^x]", "") == ("x"):rep(1000), long:find("%p"), long:find("z"), long:find("[z]"))
