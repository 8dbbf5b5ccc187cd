local function fail()
    error("on purpose")
end
fail()
