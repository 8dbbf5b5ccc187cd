-- A module that keeps its names in a table of its own.
local setmetatable, globals = setmetatable, _G
local helper = require("mods.counter")
_ENV = setmetatable({}, { __index = globals })
local hidden = 3
function visible() return hidden, helper ~= nil, _ENV.visible == visible end
shared = "of own_names"
function set(value) shared = value end
local other = require("mods.noval")
return _ENV
