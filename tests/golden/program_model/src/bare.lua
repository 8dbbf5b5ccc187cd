return function(...)
    return select("#", ...) .. " arguments"
end
