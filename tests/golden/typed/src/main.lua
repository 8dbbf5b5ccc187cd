-- The typed syntax means nothing when a program runs: it is the same program without it, but for
-- casts and `!`, which keep one value of a call or of `...`.
local io = require("io")
local geometry = require("geometry")

type Handler = (event: string, ...any) -> boolean
type Tree = { value: number, children: {Tree} }
type Table = { [string]: {number} }
type Keys = keyof({ a: number, b: string })
type Field = geometry.Point["x"]
type Conditional<T> = T extends string ? "text" : nil
type Mixed = readonly {string} | (number, string?) -> (boolean, string) | fun(x: number, ...: any): (number, string)
type Literals = "a" | 'b' | 1 | -2.5 | true | false | nil
type Annotated = { age: number @min(0) @max(150), tags: {string @min_len(1)} @max_len(10), name?: string @pattern("^%a+$") }
type Object = interface { id: number, run: (Self) -> () }

local function several(...: number): (number, number, number)
    return 1, 2, 3
end

local function counted(...)
    return select("#", ...)
end

local function one(...)
    return counted(... as any), counted(...!), counted(... :: any), counted((...))
end

local function casts()
    local a, b = several() as number
    io.print("a cast keeps one", a, b)
    local c, d = several()!
    io.print("so does !", c, d, #{ several()! }, #{ several() :: any }, #{ several(), several() as any })
    io.print("of varargs", one(1, 2, 3))
    local e, f = (several()) :: number, 5
    io.print("others", e, f, 1 + 2 as number * 3, (1 :: number) + 2, -e!, not (e as any), #("abc" as string))
    local value: any = { deep = { "x" } }
    io.print("chains", value!.deep![1]!, (value as any).deep[1] as string, (value.deep as any as {string})[1], value!!.deep[1])
    local text: string? = "method"
    io.print("methods", (text as string):upper(), text!:len(), ("x" as any):rep(3))
    return several() as number
end

local function annotated(handler: Handler?, tree: Tree, map: {[string]: number}, list: {number}, ...: string): (string, integer)
    local sum: number, name: string <const> = 0, "sum"
    for _, n in ipairs(list) do sum = sum + n end
    for key, n in pairs(map) do sum = sum + n end
    if handler then handler("event", ...) end
    return name .. tree.value, sum
end

local function names()
    -- The words of types are names, too.
    local type, interface, is, keyof, readonly, typeof, extends, asserts, fun, as = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    io.print("names", type + interface + is + keyof + readonly + typeof + extends + asserts + fun + as)
    local record = { type = 1, interface = 2, is = 3, as = 4, readonly = 5, keyof = 6, extends = 7, asserts = 8, typeof = 9, fun = 10 }
    io.print("fields", record.type, record.interface, record.is, record.as, record.readonly, record.keyof, record.fun)
    function record:is(x) return self.as + x end
    function record.typeof(x) return x end
    io.print("functions", record:is(1), record.typeof(2), record.as as number)
end

local function blocks()
    do
        type Inner = { n: number }
        interface Local end
        local n: Inner = { n = 1 }
        io.print("inner", n.n)
    end
    local seen = 0
    for i = 1, 5 do
        if i % 2 == 0 then goto continue end
        seen = seen + i as number
        ::continue::
    end
    io.print("labels", seen)
    local x = seen
    ::again::
    x = x - 1 :: number
    if x > 5 then goto again end
    io.print("label behind an operand", x)
end

local function main()
    io.print("result", casts())
    io.print(annotated(function(event: string, ...: any): boolean
        io.print(event, ...)
        return true
    end, { value = 1, children = {} }, { a = 1, b = 2 }, { 3, 4 }, "x", "y"))
    names()
    blocks()
    local p: geometry.Point = geometry.point(1, 2)
    io.print("library", geometry.both(p))
    io.print(geometry.bare(p))
    io.print(geometry.nothing(1, nil, nil), geometry.seen)
    local n: geometry.Named<geometry.Named<number>> = geometry.named(geometry.named(5, "inner"), "outer")
    io.print(n.name, n.value.name, n.value.value, geometry:area(2))
    io.print(pcall(geometry.checked, 5), pcall(geometry.checked, p))
    local shadow: number = "annotations are not enforced" as any
    io.print(shadow)
end

return { main = main }
