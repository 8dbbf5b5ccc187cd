-- The root of a group of linked processes, or a member (without a count).
local function main(parent, count)
    local inbox = process.inbox()
    if count then
        for _ = 1, count do
            process.spawn_linked("app:linked", "app:processes")
        end
        process.send(parent, "ready")
    end
    inbox:receive()
    error("collapse")
end

return { main = main }
