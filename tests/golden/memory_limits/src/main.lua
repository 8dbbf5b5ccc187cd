local io = require("io")
local process = require("process")

local cases = {
    { "too_much", "table_of_numbers" },
    { "too_much", "texts_in_a_table" },
    { "too_much", "one_text" },
    { "too_much", "few_large_texts" },
    { "too_much", "few_packed_texts" },
    { "too_much", "one_format" },
    { "too_much", "one_substitution" },
    { "too_much", "values_in_a_channel" },
    { "too_much", "texts_in_a_channel" },
    { "too_much", "spawned_coroutines" },
    { "too_much", "suspended_coroutines" },
    { "too_much", "blocked_senders" },
    { "too_much", "timers" },
    { "too_much", "names" },
    { "too_much", "groups" },
    { "too_much", "messages_nobody_receives", 200000 },
    { "too_much", "messages_in_an_inbox", 200000 },
    { "too_much", "messages_while_it_computes", 200000 },
    { "modest", "a_buffer_filled_and_drained" },
    { "modest", "tasks_that_end" },
    { "modest", "coroutines_that_are_dropped" },
    { "modest", "messages_that_are_received", 10000, 20 },
    { "modest", "large_texts_one_after_the_other" },
    { "modest", "names_and_groups_that_are_left" },
}

local function feed(pid, messages)
    for i = 1, messages do
        process.send(pid, "food", "a text of no great length, with the number " .. i)
    end
end

local function main()
    local events = process.events()
    local inbox = process.inbox()
    for _, case in ipairs(cases) do
        local kind, name, messages, rounds = case[1], case[2], case[3] or 0, case[4] or 0
        local pid = process.spawn_monitored("app:eater", "app:small", kind, name)
        feed(pid, messages)
        for _ = 2, rounds do
            inbox:receive()
            feed(pid, messages)
        end
        local result = events:receive().result
        io.print(name .. ": " .. tostring(result.error or result.value))
    end
    return 0
end

return { main = main }
