return require("mods.unparsed")
