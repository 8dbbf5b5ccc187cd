-- With little address space: where none is left for a large text, an error says so, and the process goes on.
local base64, io, json = require("base64"), require("io"), require("json")

local big = ("x"):rep(30000000)

local function fill(name, make)
    local kept = {}
    io.print(name, pcall(function()
        for i = 1, 30 do
            kept[i] = make()
        end
    end))
end

local function main()
    local many = {}
    for i = 1, 30 do
        many[i] = big
    end
    io.print("json.encode", pcall(json.encode, many))
    many = nil
    local quoted, escaped = '"' .. big .. '"', '"\\n' .. big .. '"'
    fill("json.decode", function() return (json.decode(quoted)) end)
    fill("json.decode of escapes", function() return (json.decode(escaped)) end)
    quoted, escaped = nil, nil
    fill("base64.encode", function() return (base64.encode(big)) end)
    fill("base64.decode", function() return (base64.decode(big)) end)
    local lists = "[" .. ("1,"):rep(5000000) .. "1]"
    fill("json.decode of lists", function() return (json.decode(lists)) end)
    io.print(json.encode({ 1, 2 }), base64.encode("abc"), (json.decode('{"a": null, "b": "\\n"}')).b == "\n")
    io.print(json.decode('{"a": null, "a": 1}'))
    return 0
end

return { main = main }
