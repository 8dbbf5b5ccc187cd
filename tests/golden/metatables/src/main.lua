local io = require("io")

local Vector = {}
Vector.__index = Vector

local function new(x, y)
    return setmetatable({ x = x, y = y }, Vector)
end

function Vector:length2()
    return self.x * self.x + self.y * self.y
end

Vector.__add = function(a, b) return new(a.x + b.x, a.y + b.y) end
Vector.__unm = function(a) return new(-a.x, -a.y) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__lt = function(a, b) return a:length2() < b:length2() end
Vector.__le = function(a, b) return a:length2() <= b:length2() end
Vector.__len = function() return 2 end
Vector.__call = function(self, scale) return new(self.x * scale, self.y * scale) end
Vector.__concat = function(a, b) return tostring(a) .. "&" .. tostring(b) end
Vector.__tostring = function(self) return "(" .. self.x .. "," .. self.y .. ")" end

-- Inheritance by a chain of __index.
local Named = setmetatable({}, { __index = Vector })
Named.__index = Named
Named.__tostring = function(self) return self.name end

function Named.new(name, x, y)
    return setmetatable({ name = name, x = x, y = y }, Named)
end

local function main()
    local a, b = new(1, 2), new(3, 4)
    io.print(tostring(a + b), tostring(-a), a == b, a == new(1, 2), a ~= b)
    io.print(a < b, a <= b, a > b, a >= b, #a)
    io.print(tostring(a(10)), a .. b, "x" .. a, a:length2())

    local named = Named.new("n", 3, 4)
    io.print(tostring(named), named:length2(), rawget(named, "length2") == nil)

    local log = {}
    local proxy = setmetatable({}, {
        __index = function(_, key) log[#log + 1] = "get " .. key return key .. "!" end,
        __newindex = function(t, key, value) log[#log + 1] = "set " .. key rawset(t, key, value) end,
    })
    local _ = proxy.a
    proxy.b = 1
    proxy.b = 2
    io.print(table.concat(log, ", "), proxy.b, rawget(proxy, "a") == nil)

    local iterated = setmetatable({}, {
        __pairs = function() return function(_, n) if not n then return 1, "only" end end, nil, nil end,
    })
    for key, value in pairs(iterated) do
        io.print("pairs", key, value)
    end
    io.print(getmetatable("").__index == string, getmetatable(setmetatable({}, { __metatable = "locked" })))
    io.print(pcall(setmetatable, setmetatable({}, { __metatable = 1 }), {}))
end

return { main = main }
