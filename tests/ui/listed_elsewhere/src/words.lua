return { pause = "1ms", more = require("more") }
