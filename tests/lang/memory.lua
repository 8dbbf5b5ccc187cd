-- Address space: 500 MB
-- Where no memory is left for a large text or table, an error says so, and the program goes on.
local function try(name, f, ...)
  local ok, message = pcall(f, ...)
  -- Lua says "for buffer allocation" where a buffer of its C library could not grow.
  print(name, ok, ok or message:match("not enough memory"))
  collectgarbage()
end
local big = ("x"):rep(10000000)
try("gsub", function() return big:gsub("x", ("y"):rep(10000)) end)
try("gsub with a function", function() return big:gsub("x+", function(s) return s:rep(60) end) end)
try("gsub with a capture", function() return big:gsub("(x+)", ("%1"):rep(60)) end)
try("rep", function() return big:rep(60) end)
try("rep with a separator", function() return big:rep(30, big) end)
local many = {} for i = 1, 60 do many[i] = big end
try("format", function() return ("%s"):rep(60):format(table.unpack(many)) end)
try("%q", function() return ("%q"):rep(60):format(table.unpack(many)) end)
try("concat", function() local s = big while true do s = s .. s end end)
local function join()
  local b = big .. big
  return b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b ..
    b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b .. b
end
try("concat of many", function() return #join() end)
try("table.concat", function() return table.concat(many) end)
try("table.concat with separators", function() return table.concat(many, big) end)
try("pack", function() return string.pack(("s4"):rep(60), table.unpack(many)) end)
try("pack to a size", function() return string.pack("c1000000000", "") end)
-- Several copies of a text that there is memory for once.
local kept = {}
local half = big:rep(5)
try("upper", function() for i = 1, 20 do kept[i] = half:upper() end end)
kept = {}
try("sub", function() for i = 1, 20 do kept[i] = half:sub(i) end end)
kept = {}
try("reverse", function() for i = 1, 20 do kept[i] = half:reverse() end end)
kept = {}
try("lower", function() for i = 1, 20 do kept[i] = half:lower() end end)
kept = {}
try("match", function() for i = 1, 20 do kept[i] = half:match(".+", i) end end)
kept = {}
half = nil
collectgarbage()
-- Tables that grow.
try("list", function() local t = {} for i = 1, 1e9 do t[i] = i end end)
try("table.insert", function() local t = {} for i = 1, 1e9 do table.insert(t, i) end end)
try("hash", function() local t = {} for i = 1, 1e9 do t[i + 0.5] = i end end)
-- The handler of xpcall is not asked: it would want memory.
print(xpcall(join, function(message) return "handled " .. tostring(message) end))
-- A metamethod that goes on with ever longer texts.
local growing = setmetatable({}, {})
getmetatable(growing).__concat = function(a, b)
  local text = a == growing and b or a
  return growing .. (text .. text)
end
local ok, message = pcall(function() return growing .. big end)
print("__concat", ok, message)
print(#big, select("#", table.unpack({}, 1, 100)))
