-- 4.2, 0.1: require and package
local c = require("mods.counter") print(c.name, c.bump(), require("mods.counter") == c, require "mods.counter".count, package.loaded["mods.counter"] == c)
print(require("mods.sub"), c.count) print(require("mods.noval"), loaded_noval, require("mods.noval"), loaded_noval) print(require("mods.isfalse"), package.loaded["mods.isfalse"]) print(require("mods.setter"))
local ok, e = pcall(require, "mods.broken") print(ok, (tostring(e):gsub("\n.*", ""))) ok, e = pcall(require, "mods.faulty") print(ok, (tostring(e):gsub("\n.*", "")))
local name = "mods." .. "counter" print(require(name) == c) package.loaded["mods.counter"] = nil print(require("mods.counter") ~= c)
package.preload.virtual = function(...) print("preload", ...) return { v = 1 } end print(require("virtual").v, require("virtual") == package.loaded.virtual)
ok, e = pcall(require, "not.there") print(ok, e:match("^[^\n]*\n[^\n]*")) print(pcall(require)) print(pcall(require, {})) 
print(require("string") == string, require("math") == math, require("_G") == _G, package.loaded.table == table, type(package.path), type(package.preload), type(package.config), package.config:sub(1, 1), type(package.searchpath), type(package.loaded), package.loaded._G == _G, type(package.cpath))
print(package.searchpath("mods.counter", "./?.lua"), package.searchpath("no.such", "./?.lua;x/?.y")) print(package.searchpath("a-b", "?", "-", "+"))
package.loaded.fake = "fake value" print(require("fake")) package.path = "nowhere/?.lua" ok, e = pcall(require, "mods.other") print(ok, e:match("^[^\n]*\n[^\n]*\n[^\n]*")) print(require("mods.counter").name)
print(#package.searchers >= 2, type(package.searchers[1]), type(package.searchers[2]))
table.insert(package.searchers, 2, function(name)
  if name == "made.here" then return function(...) print("making", ...) return { name = ... } end, "by hand" end
  return "\n\tnot made here: " .. name
end)
print(require("made.here").name, require("made.here") == package.loaded["made.here"])
print((select(2, pcall(require, "made.elsewhere")):gsub("\n\tno file[^\n]*", "")))
table.remove(package.searchers, 2)
package.preload["takes.two"] = function(...) print(select("#", ...), ...) end
print(require("takes.two"), package.loaded["takes.two"])
local searchers = package.searchers
package.searchers = nil
print(pcall(require, "x"))
package.searchers = searchers
package.path = "./?.lua;./?/init.lua"
for _, name in ipairs({ "unparsed", "jumps", "outside", "deeper", "needs_unparsed" }) do
  print(pcall(require, "mods." .. name))
  print(package.loaded["mods." .. name])
end
print(select(2, pcall(package.searchers[2], "mods.unparsed")))
