local answers = {}

answers["one"] = function() return 1 end
answers["several"] = function() return "first", nil, "third" end
answers["nothing"] = function() end
answers["text as error"] = function() return "value", "it failed" end
answers["error"] = function(kind)
    return "value", errors.new({ message = "structured", kind = kind, retryable = true, details = { n = 7 } })
end
answers["other second"] = function() return "value", { "ignored" } end
answers["false and text"] = function() return false, "" end
answers["throw text"] = function() error("thrown") end
answers["throw error"] = function(kind)
    error(errors.new({ message = "thrown", kind = kind, retryable = true, details = { n = 8 } }))
end
answers["throw table"] = function() error({}) end
answers["throw nil"] = function() error(nil) end
answers["table"] = function(t)
    t.added = "there"
    t.channel = channel.new()
    t.error = errors.new("kept")
    return t
end

return { run = function(how, ...) return answers[how](...) end }
