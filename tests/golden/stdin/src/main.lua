local io = require("io")

local function main(...)
    io.print("arguments", select("#", ...), ...)
    io.print("args", table.concat(io.args(), " "))
    io.print("read", io.read(3))
    while true do
        local line, err = io.readline()
        if not line then
            io.print("end", tostring(err))
            break
        end
        io.print(#line, line)
    end
    io.eprint("to standard error")
    error("the last word")
end

return { main = main }
