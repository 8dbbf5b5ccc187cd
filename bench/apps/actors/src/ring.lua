local function main(next_one)
    local inbox = process.inbox()
    while true do
        inbox:receive()
        process.send(next_one, "token", true)
    end
end

return { main = main }
