local time = require("time")

return {
    wait = function(duration)
        time.sleep(duration)
        return "waited " .. duration
    end,
}
