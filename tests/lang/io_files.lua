-- 0.1: io of scripts, on files
local function try(...) local r = table.pack(pcall(...)) for i = 1, r.n do r[i] = type(r[i]) == "userdata" and io.type(r[i]) or type(r[i]) == "function" and "function" or tostring(r[i]) end local s = table.concat(r, " | "):gsub("/[%w_/.]*lua_%w+", "TMP") print(s) end
local name = os.tmpname() print(type(name))
local f = assert(io.open(name, "w")) print(io.type(f), io.type(io.stdout), io.type(5), io.type(nil) == nil, tostring(f):match("^file %(0x") ~= nil)
print(f:write("line one\n", 2, " ", 3.5, "\n", "third\n\nlast") == f) print(f:seek("cur"), f:seek("set", 2), f:seek("end")) print(f:close()) print(io.type(f), tostring(f)) try(f.write, f, "x") try(function() f:write("x") end) try(f.close, f)
f = io.open(name) print(f:read()) print(f:read("n"), f:read("n")) print(f:read("l")) print(f:read("L")) print(f:read(0)) print(f:read("l")) print(f:read(2), f:read(100), f:read(1), f:read(0), f:read("a"), f:read("l"), f:read("n")) f:close()
f = io.open(name) print(f:read("l", "n", "n", "l", "a")) f:close() f = io.open(name) print(f:read("*l", "*n")) print(#f:read("*a"), f:read("*a"), f:read("*l")) f:close()
for l in io.lines(name) do io.write("[", l, "]") end print() for l in io.lines(name, "L") do io.write("[", l, "]") end print() for a, b in io.lines(name, 1, 2) do io.write(a, "-", b or "nil", " ") end print() f = io.open(name) for l in f:lines() do io.write("<", l, ">") end print(io.type(f)) f:close() for n in io.lines(name, "n") do print(n) end
f = io.open(name, "a") f:write("+appended") f:close() f = io.open(name, "r+") f:write("LINE") f:seek("set", 0) print(f:read()) f:seek("end", -9) print(f:read("a")) f:close() f = io.open(name, "rb") print(f:seek("end")) f:close() f = io.open(name, "w+") f:write("new content") f:seek("set") print(f:read("a")) f:close()
try(io.open, "/no/such/file") try(io.open, name, "x") try(io.open, name, "rw") try(io.open) try(io.lines, "/no/such/file") try(function() f:read() end) try(io.open, "/", "w") try(io.close, 5) try(io.open, {}) try(io.input, "/no/such") try(io.read, "x")
f = io.open(name) try(f.read, f, "x") try(f.read, f, "*x") try(f.read, f, {}) try(f.seek, f, "bad") try(f.seek, f, "set", "x") try(f.seek, f, "set", -5) try(f.read) try(f.lines, 5) try(f.write, f, "x") try(f.write, f, {}) print(f:setvbuf("full", 1024), f:setvbuf("no"), f:flush() == f or f:flush()) try(f.setvbuf, f, "bad") f:close()
io.output(name) io.write("via output ", 1, "\n") print(io.output() ~= io.stdout) io.close() io.output(io.stdout) io.input(name) print(io.read(), io.read()) print(io.input() ~= io.stdin) io.close(io.input()) try(io.read) io.input(io.stdin) print(io.read(), io.read("a"), io.read("n"))
local numbers = io.open(name, "w") numbers:write("0x1F -3.5e2 .5 +7 0x.8p1 nan 99 1e 12abc\n") numbers:close() f = io.open(name) print(f:read("n", "n", "n", "n", "n")) print(f:read("n")) print(f:read("l")) f:close()
f = io.open(name, "wb") f:write("a\0b\r\nc\n") f:close() f = io.open(name, "rb") print(#f:read("l"), #f:read("L"), f:read("L")) f:close() print(#io.open(name):read("a"))
f = io.open(name, "w") for i = 1, 5000 do f:write(i, "\n") end f:close() local sum = 0 for l in io.lines(name) do sum = sum + l end print(sum) local mt = getmetatable(io.stdout) print(mt.__name, mt.__index == mt, type(mt.__tostring), type(mt.__gc)) print(io.stdout:write("") == io.stdout, io.stderr ~= nil, io.write() == io.stdout)
print(os.remove(name)) print(select("#", os.remove(name)), (os.remove(name))) try(os.remove, name) local other = os.tmpname() print(os.rename(other, name)) print(io.open(other) == nil) try(os.rename, other, "/no/such/dir/x") print(os.remove(name)) local tf = io.tmpfile() tf:write("temp") tf:seek("set") print(tf:read("a")) tf:close()
try(io.lines, name) do local g = io.open(os.tmpname(), "w") g = nil collectgarbage() end local closed = io.open(os.tmpname()) closed:close() try(function() return closed:lines() end) try(function() for l in closed.lines(closed) do end end) try(io.type)
-- Less than nothing is more than there is memory for.
do
  local file = io.tmpfile()
  print(pcall(file.read, file, -1))
  print(pcall(function() return file:read(-1) end))
  print(xpcall(file.read, function(message) return "handled: " .. message end, file, math.mininteger))
  print(pcall(function() for _ in file:lines(-1) do end end))
  file:close()
end
