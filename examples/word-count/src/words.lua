-- Counting words, without any process.
local words = {}

function words.count(text: string): {[string]: integer}
    local counts = {}
    for word in text:gmatch("%a+") do
        local key = word:lower()
        counts[key] = (counts[key] or 0) + 1
    end
    return counts
end

return words
