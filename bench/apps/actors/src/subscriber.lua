local function main(publisher, rounds)
    local inbox = process.inbox()
    for _ = 1, rounds do
        inbox:receive()
    end
    process.send(publisher, "done", true)
    return 0
end

return { main = main }
