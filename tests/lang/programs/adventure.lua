-- A text adventure: rooms, things, a parser of commands, and states as a machine of functions.

local world, things, player

local directions = {
  n = "north", s = "south", e = "east", w = "west", u = "up", d = "down",
  north = "north", south = "south", east = "east", west = "west", up = "up", down = "down",
}
local opposite = { north = "south", south = "north", east = "west", west = "east", up = "down", down = "up" }

local function say(text, ...)
  text = select("#", ...) > 0 and text:format(...) or text
  -- Wrapped at 60 columns.
  local line = ""
  for word in text:gmatch("%S+") do
    if #line + #word + 1 > 60 then
      print(line)
      line = ""
    end
    line = line == "" and word or line .. " " .. word
  end
  print(line)
end

local function list(items, empty)
  local count = #items
  if count == 0 then return empty or "nothing" end
  if count == 1 then return items[1] end
  return table.concat(items, ", ", 1, count - 1) .. " and " .. items[count]
end

local function article(name)
  return (name:find("^[aeiou]") and "an " or "a ") .. name
end

-- The world -------------------------------------------------------------------------------------------

local function room(id)
  return function(data)
    data.id = id
    data.exits = data.exits or {}
    world[id] = data
  end
end

local function thing(id)
  return function(data)
    data.id, data.name = id, data.name or id
    things[id] = data
  end
end

local function connect(from, direction, to, door)
  world[from].exits[direction] = { to = to, door = door }
  world[to].exits[opposite[direction]] = { to = from, door = door }
end

local function build()
  world, things = {}, {}
  player = { at = "hall", carries = {}, moves = 0, score = 0, weight = 0, visited = {}, health = 10 }

  room "hall" {
    title = "Great hall",
    text = "Dust lies on a long table. Portraits look down on you.",
  }
  room "kitchen" { title = "Kitchen", text = "Cold ashes, and a smell of onions." }
  room "cellar" { title = "Cellar", text = "Barrels along a wet wall.", dark = true }
  room "tower" {
    title = "Tower",
    text = function() return things.bell.rung and "The bell still hums." or "A bell hangs from the beam." end,
  }
  room "garden" { title = "Garden", text = "Weeds, and a gate that leads home.", final = true }
  connect("hall", "east", "kitchen")
  connect("kitchen", "down", "cellar")
  connect("hall", "up", "tower")
  connect("hall", "north", "garden", "gate")

  thing "lamp" { at = "kitchen", weight = 2, text = "An oil lamp.", lit = false }
  thing "key" { at = "cellar", weight = 1, text = "A rusty key.", name = "rusty key", words = { "key" } }
  thing "apple" { at = "hall", weight = 1, text = "A red apple.", edible = 3 }
  thing "bell" { at = "tower", weight = 90, text = "Bronze, and heavier than you." }
  thing "gate" { at = "hall", weight = 500, text = "Iron bars.", locked = true, hidden = true }
  thing "rat" { at = "cellar", weight = 1, text = "It looks back.", alive = true, hidden = false }
end

local function here(what)
  return what.at == player.at or what.at == "player"
end

local function sorted(filter)
  local found = {}
  for _, what in pairs(things) do
    if filter(what) then found[#found + 1] = what end
  end
  table.sort(found, function(a, b) return a.id < b.id end)
  return found
end

local function lit()
  if not world[player.at].dark then return true end
  local lamp = things.lamp
  return lamp.lit and here(lamp)
end

local function look()
  local at = world[player.at]
  print("== " .. at.title .. " ==")
  if not lit() then return say "It is pitch dark." end
  say(type(at.text) == "function" and at.text() or at.text)
  local names = {}
  for _, what in ipairs(sorted(function(w) return w.at == player.at and not w.hidden end)) do
    names[#names + 1] = article(what.name)
  end
  if #names > 0 then say("You see %s here.", list(names)) end
  local exits = {}
  for direction in pairs(at.exits) do exits[#exits + 1] = direction end
  table.sort(exits)
  say("Exits: %s.", list(exits, "none"))
end

-- Commands ----------------------------------------------------------------------------------------------

local commands, synonyms = {}, {}

local function command(names, help, action)
  local main
  for name in names:gmatch("%S+") do
    main = main or name
    synonyms[name] = main
  end
  commands[main] = { help = help, action = action }
end

local function find(word)
  if not word then return nil, "What?" end
  for _, what in ipairs(sorted(here)) do
    if what.id == word or what.name == word then return what end
    for _, other in ipairs(what.words or {}) do
      if other == word then return what end
    end
  end
  return nil, ("There is no %s here."):format(word)
end

local play, ask, dead, done

command("go walk", "go DIRECTION", function(word)
  local direction = directions[word or ""]
  if not direction then return say "Where to?" end
  local exit = world[player.at].exits[direction]
  if not exit then return say("You cannot go %s.", direction) end
  if exit.door and things[exit.door].locked then return say("The %s is locked.", exit.door) end
  player.at = exit.to
  player.moves = player.moves + 1
  if not player.visited[exit.to] then
    player.visited[exit.to] = true
    player.score = player.score + 5
  end
  look()
  if world[exit.to].final then return done end
  if world[exit.to].dark and not lit() then
    player.health = player.health - 4
    say("You stumble. Health %d.", player.health)
    if player.health <= 0 then return dead end
  end
end)

command("look l", "look", function() look() end)

command("take get", "take THING", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if not lit() then return say "You cannot see it." end
  if what.alive then return say("The %s runs away from your hand.", what.name) end
  if what.at == "player" then return say "You have it already." end
  if player.weight + what.weight > 10 then return say("The %s is too heavy.", what.name) end
  what.at = "player"
  player.weight = player.weight + what.weight
  say("Taken: %s.", what.name)
end)

command("drop", "drop THING", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if what.at ~= "player" then return say "You do not have it." end
  what.at = player.at
  player.weight = player.weight - what.weight
  say("Dropped: %s.", what.name)
end)

command("inventory i", "inventory", function()
  local names = {}
  for _, what in ipairs(sorted(function(w) return w.at == "player" end)) do
    names[#names + 1] = article(what.name) .. (what.lit and " (lit)" or "")
  end
  say("You carry %s.", list(names))
end)

command("examine x", "examine THING", function(word)
  local what, why = find(word)
  say(what and what.text or why)
end)

command("light", "light lamp", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if what.lit == nil then return say("The %s does not burn.", what.name) end
  if what.lit then return say "It burns already." end
  what.lit = true
  say("The %s burns.", what.name)
  if world[player.at].dark then look() end
end)

command("eat", "eat THING", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if not what.edible then return say("You do not eat %s.", article(what.name)) end
  player.health = player.health + what.edible
  if what.at == "player" then player.weight = player.weight - what.weight end
  what.at = nil
  say("Good. Health %d.", player.health)
end)

command("unlock open", "unlock THING", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if not what.locked then return say "It is not locked." end
  if things.key.at ~= "player" then return say "You have no key." end
  what.locked = false
  player.score = player.score + 20
  say "The lock gives way."
end)

command("ring", "ring bell", function(word)
  local what, why = find(word)
  if not what then return say(why) end
  if what.id ~= "bell" then return say "It makes no sound." end
  if what.rung then return say "Once is enough." end
  what.rung = true
  player.score = player.score + 10
  say "It rings through the whole house. Something scurries."
  things.rat.at = "kitchen"
end)

command("score", "score", function()
  say("%d points after %d moves, health %d.", player.score, player.moves, player.health)
end)

command("help", "help", function()
  local names = {}
  for name in pairs(commands) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do print("  " .. commands[name].help) end
end)

command("quit q", "quit", function() return ask end)

-- The machine: a state reads a line and gives back the next state. ----------------------------------------

local function parse(line)
  local words = {}
  for word in line:lower():gmatch("%a+") do
    if word ~= "the" and word ~= "a" and word ~= "to" then words[#words + 1] = word end
  end
  local verb = table.remove(words, 1)
  if directions[verb] then return "go", verb end
  return synonyms[verb], table.concat(words, " ") ~= "" and table.concat(words, " ") or nil, verb
end

function play(line)
  local verb, rest, written = parse(line)
  if not verb then
    say("I do not know how to %s.", written or "do nothing")
    return play
  end
  return commands[verb].action(rest) or play
end

function ask(line)
  if line:find("^[Yy]") then
    say "Goodbye."
    return nil
  end
  say "Then let us go on."
  return play
end

function dead(line)
  if line == "restart" then
    build()
    look()
    return play
  end
  say "You are dead. Type restart."
  return dead
end

function done(line)
  say("You are free, with %d points in %d moves.", player.score, player.moves)
  return nil
end

local function run(script)
  build()
  look()
  local state, count = play, 0
  for line in script:gmatch("[^\n]+") do
    print("> " .. line)
    state = state(line)
    count = count + 1
    if not state then break end
  end
  print(("-- %d lines, %s\n"):format(count, state and "still playing" or "ended"))
end

run [[
look
take apple
inventory
eat lamp
north
unlock gate
up
ring the bell
ring bell
take bell
dance
down
e
examine rat
take rat
take lamp
light lamp
light lamp
i
down
take rusty key
drop lamp
x key
up
go west
score
open the gate
n
anything
never read
]]

run [[
east
down
take key
up
d
u
d
hello?
restart
eat apple
score
w
go
quit
no
quit
yes
]]

run [[
help
take
drop apple
get apple
drop apple
unlock apple
...
]]
