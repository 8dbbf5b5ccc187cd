local function main(to, count)
    local inbox = process.inbox()
    local echo = process.spawn("app:echo", "app:processes")
    for _ = 1, count do
        process.send(echo, "ping", true)
        inbox:receive()
    end
    process.send(to, "done", true)
    return 0
end

return { main = main }
