-- The root of a group of linked processes, or (without a count) one of its members.
local function main(parent, count)
    local inbox = process.inbox()
    if count then
        for _ = 1, count do
            process.spawn_linked("app:linked", "app:processes", parent)
        end
        process.send(parent, "root", count)
    else
        process.send(parent, "member")
    end
    inbox:receive()
    error("collapse")
end

return { main = main }
