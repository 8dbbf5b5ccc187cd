-- Types of a library; its functions carry annotations of every form.
type Point = { x: number, y: number, label?: string }
type Named<T> = { name: string, value: T }
type Shape = Point | { radius: number @min(0) } | nil

interface Measured
    function area(self: Measured): number
    function name(self): string
end

local geometry = {}

function geometry.point(x: number, y: number?): Point
    return { x = x, y = y or 0 }
end

function geometry.both(p: Point): (number, number)
    return p.x, p.y
end

function geometry.bare(p: Point): number, number
    return p.x, p.y
end

function geometry.nothing(...: any): ()
    geometry.seen = select("#", ...)
end

function geometry.named<T, U: string>(value: T, name: U): Named<T>
    return { name = name, value = value }
end

function geometry.checked(p: any): asserts p is Point
    if type(p) ~= "table" then error("no point", 2) end
end

function geometry:area(scale: integer): number
    return (self.width as number) * scale
end

geometry.width = 3
return geometry
