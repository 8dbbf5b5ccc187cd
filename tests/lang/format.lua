-- 4.3: string.format
local f = string.format
local function try(...) local r = table.pack(pcall(f, ...)) for i = 1, r.n do r[i] = tostring(r[i]) end print(table.concat(r, " | ")) end
for _, v in ipairs({ 0, 1, -1, 42, -42, 255, 65, 1e15, 3.0, 100000, 1234567, math.maxinteger, math.mininteger, "12", "0x10" }) do
  for _, verb in ipairs({ "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d", "%i", "%u", "%c", "%x", "%X", "%#x", "%o", "%#o", "%08x", "%-8x|" }) do
    if verb ~= "%c" or (tonumber(v) >= 0 and tonumber(v) < 256) then try(verb, v) end
  end
end
for _, v in ipairs({ 0, -0.0, 1, 0.1, -1.5, 1 / 3, 0.1 + 0.2, 1e15, 1e16, 1e100, 1e-5, 123456.789, 1234567, 100000, 2.5, 0.5, 1.25, 1.35, math.huge, -math.huge, 5e-324, 2 ^ 53, "1.5" }) do
  for _, verb in ipairs({ "%f", "%.2f", "%5.1f", "%.0f", "%#.0f", "%e", "%.3e", "%E", "%g", "%.3g", "%G", "%#g", "%10.4g", "%-12g|", "%+g", "% g", "%012.3f", "%.14g", "%.17g", "%a", "%A", "%.3a", "%.20f", "%99.1f" }) do try(verb, v) end
end
try("%f", 0 / 0) try("%s %s %s", nil, true, false) try("%s", 1) try("%s", 1.0) try("%5s|%-5s|%.2s|%5.1s|", "abc", "abc", "abc", "abc") try("%s", setmetatable({}, { __tostring = function() return "mine" end })) try("%.3s", setmetatable({}, { __tostring = function() return "longer" end })) try("%s|%10s", "a\0b", "x")
try("%q", "a\nb\"c\\d\0e\r\t\1272") try("%q", 1) try("%q", 1.5) try("%q", -0.0) try("%q", math.mininteger) try("%q", math.huge) try("%q", true) try("%q", nil) try("%q", {}) try("%q", 0 / 0) try("%q", "\0001\200é") try("%5q", "x")
try("%%") try("%5%") try("100%% of %s", "x") try("") try("plain") try("%d%s%d", 1, "a", 2) try("%d %d", 1) try("%d") try("%s") try("%d", "x") try("%d", {}) try("%d", 1.5) try("%d", "1.5") try("%x", 1.5) try("%c", "x") try("%c", 65.5) try("%f", "x") try("%f", {}) try("%d", 2 ^ 63) try("%d", 1e100) try("%d", nil) try("%s", setmetatable({}, { __tostring = function() return 1 end }))
try("%y", 1) try("%", 1) try("%1", 1) try("%123d", 1) try("%.123d", 1) try("%--------d", 1) try("%l", 1) try("%ld", 1) try("%*d", 1) try("%p", 1) try("%n", 1) try("%10", 1) try("%5.", 1) try("%.f", 1.5) try("%.d", 0) try("%+s", "x") try("%#s", "x") try("%0s", "x") try("%-05d|", 3) try("%+ d", 3) try("%S", "x") try("%\0", 1)
try() try(nil) try({}) try(12) try(1.5) try("%s", "a", "extra") try("%c%c%c", 76, 117, 97) try("%c", 0) try("%5c|", 65) try("%-5c|", 65) try("%s", ("x"):rep(200)) try("%150s", "x") try("%99s|", "x")
print(("%d items"):format(3), ("%5.2f"):format(math.pi), ("%s"):rep(3, ","):format(1, 2, 3), ("%02d:%02d"):format(5, 7), ("%-16s|"):format("name"), ("%3d%%"):format(50))
print(#f("%s", ("y"):rep(100000)), f("%.10s", ("y"):rep(100000)), f("%q", ("\n"):rep(3)))
print(f("%x", -1), f("%X", -255), f("%o", -1), f("%5s", "日本"), f("%.1s", "é") == "\xC3", f("%i", 3.0), f("%u", 3))
