return { words = require("words"), time = require("time") }
