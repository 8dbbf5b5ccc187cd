-- The metatable of files is a table like any other: what a program adds to it, files have.
local metatable = getmetatable(io.stdout)
assert(metatable == getmetatable(io.stderr) and metatable.__index == metatable)
assert(metatable.__name == "FILE*" and metatable.__metatable == nil)

function metatable.__index:line(...)
  self:write(table.concat({ ... }, " "), "\n")
  return self
end
io.stdout:line("one", 2):line("three")
print(io.stdout.line == metatable.line, io.stdout.missing)

-- A method that was there can be replaced, and what is replaced still works.
local write = metatable.write
function metatable:write(...)
  return write(self, "<", ...)
end
io.stdout:write("replaced\n")
metatable.write = write

-- Metamethods that files do not have of themselves.
metatable.__concat = function(left, right)
  return (io.type(left) or left) .. "+" .. (io.type(right) or right)
end
print(io.stdout .. "text", "text" .. io.stderr)
metatable.__call = function(self, text) return self:write(text, "\n") end
print(io.stdout("called") == io.stdout)
metatable.__newindex = function(self, key, value) print(io.type(self), key, value) end
io.stdout.field = 3
metatable.__len = function() return 7 end
print(#io.stdout)
metatable.__tostring = function() return "a file" end
print(io.stdout, tostring(io.stderr))

-- Without an `__index` a file cannot be indexed; a function may answer.
metatable.__index = nil
print(pcall(function() return io.stdout.write end))
metatable.__index = function(_, key) return "asked for " .. tostring(key) end
print(io.stdout.anything, io.stdout[1])
metatable.__index = metatable

-- Faults name the type as the metatable does.
print(pcall(function() return io.stdout + 1 end))
print(pcall(function() return io.stdout < io.stderr end))
