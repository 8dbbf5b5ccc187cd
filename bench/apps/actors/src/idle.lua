local function main(parent)
    local inbox = process.inbox()
    local events = process.events()
    local state = { count = 1 }
    local timeout = time.after("1h")
    process.send(parent, "up", true)
    local result = channel.select({ inbox:case_receive(), events:case_receive(), timeout:case_receive() })
    return state.count, result.ok
end

return { main = main }
