-- A template engine: tags with expressions, filters, loops, conditions, blocks and inheritance. A template
-- is compiled to closures, for no code is made at run time.

local Template = {}
Template.__index = Template

local function fail(state, message, ...)
  error(("%s:%d: " .. message):format(state.name, state.line, ...), 0)
end

---------------------------------------------------------------------------------------------------
-- Expressions: literals, paths, filters, comparisons, and / or / not, ranges.

local function lex(source, state)
  local tokens, at = {}, 1
  while true do
    at = source:find("%S", at)
    if not at then break end
    local kind, text, value
    local quote = source:match("^[\"']", at)
    if quote then
      local stop = source:find(quote, at + 1, true) or fail(state, "unfinished string")
      kind, text, value = "string", source:sub(at, stop), source:sub(at + 1, stop - 1)
    else
      text = source:match("^%d+%.?%d*", at)
      if text and text:sub(-1) == "." then text = text:sub(1, -2) end
      if text then
        kind, value = "number", tonumber(text)
      else
        text = source:match("^[%a_][%w_]*", at)
        if text then
          kind = "name"
        else
          text = source:match("^%.%.", at) or source:match("^[=~<>!]=", at) or source:match("^[|.,()<>+*/%%:%[%]-]", at)
            or fail(state, "unexpected character '%s'", source:sub(at, at))
          kind = "op"
        end
      end
    end
    tokens[#tokens + 1] = { kind = kind, text = text, value = value }
    at = at + #text
  end
  return tokens
end

local filters = {}

local function expression(source, state)
  local tokens, at = lex(source, state), 1
  local parse_or

  local function peek(text)
    local token = tokens[at]
    return token and (text == nil or token.text == text) and token or nil
  end
  local function accept(text)
    if peek(text) and peek().kind ~= "string" then
      at = at + 1
      return true
    end
  end
  local function expect(text)
    if not accept(text) then fail(state, "'%s' expected near '%s'", text, peek() and peek().text or "end") end
  end
  local function name()
    local token = peek()
    if not token or token.kind ~= "name" then fail(state, "name expected") end
    at = at + 1
    return token.text
  end

  local function primary()
    local token = peek() or fail(state, "expression expected")
    at = at + 1
    if token.kind == "string" or token.kind == "number" then
      local value = token.value
      return function() return value end
    elseif token.text == "(" then
      local inner = parse_or()
      expect ")"
      return inner
    elseif token.text == "-" then
      local inner = primary()
      return function(scope) return -inner(scope) end
    elseif token.kind == "name" then
      local word = token.text
      if word == "true" then return function() return true end end
      if word == "false" then return function() return false end end
      if word == "nil" then return function() return nil end end
      return function(scope) return scope[word] end
    end
    fail(state, "unexpected '%s'", token.text)
  end

  local function path()
    local value = primary()
    while true do
      local base = value
      if accept "." then
        local key = peek() and peek().kind == "number" and peek().value or nil
        if key then at = at + 1 else key = name() end
        value = function(scope)
          local object = base(scope)
          if object == nil then return nil end
          return object[key]
        end
      elseif accept "[" then
        local key = parse_or()
        expect "]"
        value = function(scope)
          local object = base(scope)
          if object == nil then return nil end
          return object[key(scope)]
        end
      elseif accept "(" then
        local arguments = {}
        if not accept ")" then
          repeat arguments[#arguments + 1] = parse_or() until not accept ","
          expect ")"
        end
        value = function(scope)
          local values = {}
          for i = 1, #arguments do values[i] = arguments[i](scope) end
          return base(scope)(table.unpack(values, 1, #arguments))
        end
      else
        return value
      end
    end
  end

  local function binary(next_level, operators)
    return function()
      local left = next_level()
      while true do
        local token = peek()
        local apply = token and token.kind ~= "string" and operators[token.text]
        if not apply then return left end
        at = at + 1
        local l, r = left, next_level()
        left = function(scope) return apply(l, r, scope) end
      end
    end
  end
  local function strict(f) return function(l, r, scope) return f(l(scope), r(scope)) end end

  local product = binary(path, {
    ["*"] = strict(function(a, b) return a * b end),
    ["/"] = strict(function(a, b) return a / b end),
    ["%"] = strict(function(a, b) return a % b end),
  })
  local sum = binary(product, {
    ["+"] = strict(function(a, b) return a + b end),
    ["-"] = strict(function(a, b) return a - b end),
    [".."] = strict(function(a, b) return tostring(a) .. tostring(b) end),
  })
  local comparison = binary(sum, {
    ["=="] = strict(function(a, b) return a == b end),
    ["~="] = strict(function(a, b) return a ~= b end),
    ["!="] = strict(function(a, b) return a ~= b end),
    ["<"] = strict(function(a, b) return a < b end),
    [">"] = strict(function(a, b) return a > b end),
    ["<="] = strict(function(a, b) return a <= b end),
    [">="] = strict(function(a, b) return a >= b end),
  })
  local function negation()
    if accept "not" then
      local inner = negation()
      return function(scope) return not inner(scope) end
    end
    return comparison()
  end
  local conjunction = binary(negation, { ["and"] = function(l, r, scope) return l(scope) and r(scope) end })
  parse_or = binary(conjunction, { ["or"] = function(l, r, scope) return l(scope) or r(scope) end })

  local value, safe = parse_or(), false
  while accept "|" do
    local filter = name()
    local apply = filters[filter] or fail(state, "no filter '%s'", filter)
    local arguments = {}
    if accept ":" then
      repeat arguments[#arguments + 1] = sum() until not accept ","
    end
    safe = safe or filter == "raw"
    local input = value
    value = function(scope)
      local values = {}
      for i = 1, #arguments do values[i] = arguments[i](scope) end
      return apply(input(scope), table.unpack(values, 1, #arguments))
    end
  end
  if peek() then fail(state, "unexpected '%s'", peek().text) end
  return value, safe
end

function filters.upper(s) return tostring(s):upper() end
function filters.lower(s) return tostring(s):lower() end
function filters.raw(s) return s end
function filters.default(v, other) if v == nil or v == "" then return other end return v end
function filters.join(t, separator) return table.concat(t, separator or ", ") end
function filters.length(v) return #v end
function filters.reverse(v) return type(v) == "string" and v:reverse() or table.move(v, 1, #v, 1, {}) end
function filters.format(v, pattern) return pattern:format(v) end
function filters.truncate(s, n) return #s > n and s:sub(1, n - 3) .. "..." or s end
function filters.title(s) return (s:gsub("(%a)(%w*)", function(first, rest) return first:upper() .. rest end)) end
function filters.pad(s, n, fill) return s .. (fill or " "):rep(n - #tostring(s)) end
function filters.sort(t)
  local copy = { table.unpack(t) }
  table.sort(copy)
  return copy
end
function filters.sum(t)
  local total = 0
  for _, v in ipairs(t) do total = total + v end
  return total
end

---------------------------------------------------------------------------------------------------
-- Statements.

local escapes = { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;", ['"'] = "&quot;" }
local function escape(v)
  if v == nil then return "" end
  return (tostring(v):gsub('[<>&"]', escapes))
end

local function split(source)
  local parts, at, line = {}, 1, 1
  local function push(kind, text)
    parts[#parts + 1] = { kind = kind, text = text, line = line }
    for _ in text:gmatch("\n") do line = line + 1 end
  end
  while true do
    local start, _, mark = source:find("{([{%%#])", at)
    if not start then break end
    local close = mark == "{" and "}}" or mark .. "}"
    local stop = source:find(close, start + 2, true)
    if not stop then error(("unfinished tag on line %d"):format(line), 0) end
    local text = source:sub(at, start - 1)
    local inner = source:sub(start + 2, stop - 1)
    if inner:sub(1, 1) == "-" then
      text = text:gsub("%s+$", "")
      inner = inner:sub(2)
    end
    push("text", text)
    local trims = inner:sub(-1) == "-"
    if trims then inner = inner:sub(1, -2) end
    push(({ ["{"] = "value", ["%"] = "tag", ["#"] = "comment" })[mark], inner)
    at = stop + 2
    if trims then at = source:find("%S", at) or #source + 1 end
  end
  push("text", source:sub(at))
  return parts
end

local statements = {}

local function block(state, ends)
  local body = {}
  while true do
    local part = state.parts[state.at]
    if not part then
      if ends then fail(state, "'end' expected") end
      return body
    end
    state.at, state.line = state.at + 1, part.line
    if part.kind == "text" then
      if part.text ~= "" then body[#body + 1] = function(_, out) out[#out + 1] = part.text end end
    elseif part.kind == "value" then
      local value, safe = expression(part.text, state)
      body[#body + 1] = function(scope, out)
        local v = value(scope)
        out[#out + 1] = safe and tostring(v) or escape(v)
      end
    elseif part.kind == "tag" then
      local word, rest = part.text:match("^%s*(%a+)%s*(.-)%s*$")
      if ends and ends[word] then return body, word, rest end
      local statement = statements[word] or fail(state, "unknown tag '%s'", tostring(word))
      body[#body + 1] = statement(state, rest)
    end
  end
end

local function run(body, scope, out)
  for _, step in ipairs(body) do step(scope, out) end
end

statements["if"] = function(state, source)
  local branches = {}
  local condition = expression(source, state)
  while condition do
    local body, word, rest = block(state, { ["end"] = true, ["else"] = true, ["elseif"] = true })
    branches[#branches + 1] = { condition, body }
    if word == "elseif" then
      condition = expression(rest, state)
    else
      if word == "else" then branches[#branches + 1] = { function() return true end, (block(state, { ["end"] = true })) } end
      condition = nil
    end
  end
  return function(scope, out)
    for _, branch in ipairs(branches) do
      if branch[1](scope) then return run(branch[2], scope, out) end
    end
  end
end

statements["for"] = function(state, source)
  local names, list = source:match("^(.-)%s+in%s+(.+)$")
  if not names then fail(state, "'for names in list' expected") end
  local key, item = names:match("^([%a_][%w_]*)%s*,%s*([%a_][%w_]*)$")
  item = item or names
  local from, to = list:match("^(.-)%s*%.%.%.%s*(.+)$")
  local first, last = from and expression(from, state), to and expression(to, state)
  local values = not from and expression(list, state)
  local body, word = block(state, { ["end"] = true, ["else"] = true })
  local otherwise = word == "else" and block(state, { ["end"] = true })
  return function(scope, out)
    local entries = {}
    if values then
      local t = values(scope) or {}
      if #t > 0 then
        for i, v in ipairs(t) do entries[i] = { i, v } end
      else
        for k, v in pairs(t) do entries[#entries + 1] = { k, v } end
        table.sort(entries, function(a, b) return tostring(a[1]) < tostring(b[1]) end)
      end
    else
      for i = first(scope), last(scope) do entries[#entries + 1] = { i, i } end
    end
    for i, entry in ipairs(entries) do
      local inner = setmetatable({
        [item] = entry[2],
        loop = { index = i, first = i == 1, last = i == #entries, count = #entries, parent = scope.loop },
      }, { __index = scope })
      if key then inner[key] = entry[1] end
      run(body, inner, out)
    end
    if #entries == 0 and otherwise then run(otherwise, scope, out) end
  end
end

statements.set = function(state, source)
  local name, value = source:match("^([%a_][%w_]*)%s*=%s*(.+)$")
  if not name then fail(state, "'set name = value' expected") end
  value = expression(value, state)
  return function(scope) rawset(scope, name, value(scope)) end
end

statements.macro = function(state, source)
  local name, parameters = source:match("^([%a_][%w_]*)%((.-)%)$")
  if not name then fail(state, "'macro name(parameters)' expected") end
  local names = {}
  for parameter in parameters:gmatch("[%a_][%w_]*") do names[#names + 1] = parameter end
  local body = block(state, { ["end"] = true })
  return function(scope)
    rawset(scope, name, function(...)
      local inner, out = setmetatable({}, { __index = scope }), {}
      for i, parameter in ipairs(names) do inner[parameter] = (select(i, ...)) end
      run(body, inner, out)
      return table.concat(out)
    end)
  end
end

statements.block = function(state, name)
  local body = block(state, { ["end"] = true })
  state.blocks[name] = body
  return function(scope, out)
    local chain = scope.__blocks[name]
    local function draw(level, into)
      rawset(scope, "super", function()
        local inner = {}
        if chain[level + 1] then draw(level + 1, inner) end
        return table.concat(inner)
      end)
      run(chain[level], scope, into)
    end
    draw(1, out)
  end
end

statements.extends = function(state, source)
  state.parent = expression(source, state)({})
  return function() end
end

statements.include = function(state, source)
  local name = expression(source, state)
  local loader = state.loader
  return function(scope, out) out[#out + 1] = loader:render(name(scope), scope) end
end

local Loader = {}
Loader.__index = Loader
function Loader:compile(name)
  local known = self.compiled[name]
  if known then return known end
  local source = self.sources[name] or error("no template " .. tostring(name), 0)
  local state = { name = name, line = 1, at = 1, blocks = {}, loader = self, parts = split(source) }
  state.body = block(state)
  self.compiled[name] = state
  return state
end
function Loader:render(name, values)
  local blocks, template = {}, self:compile(name)
  while true do
    for block_name, body in pairs(template.blocks) do
      blocks[block_name] = blocks[block_name] or {}
      table.insert(blocks[block_name], body)
    end
    if not template.parent then break end
    template = self:compile(template.parent)
  end
  local out = {}
  run(template.body, setmetatable({ __blocks = blocks }, { __index = values }), out)
  return table.concat(out)
end
local function loader(sources) return setmetatable({ sources = sources, compiled = {} }, Loader) end

-- Trials ------------------------------------------------------------------------------------------------

local function show(source, values)
  local ok, text = pcall(Loader.render, loader { page = source }, "page", values or {})
  print(ok and text or "error: " .. text)
end

local values = {
  name = "<World>", count = 3, list = { "c", "a", "b" }, empty = {}, price = 12.5, zero = 0,
  user = { first = "ada", last = "lovelace", tags = { "math", "code" }, address = { city = "London" } },
  ages = { bob = 42, al = 7, cy = 19 }, double = function(x) return x * 2 end, html = "<b>bold</b>",
}
show("Hello {{ name }}! {{ name | raw }} {{ missing }}|{{ missing | default: 'none' | upper }}", values)
show("{{ count + 1 }} {{ count * 2 - 1 }} {{ -count }} {{ (count + 1) * 2 }} {{ 7 % count }} {{ 'a' .. count }}", values)
show("{{ user.first | title }} {{ user.tags[1] }} {{ user.tags.2 }} {{ user.address.city }} {{ user.no.where }}", values)
show("{{ list | sort | join: '-' }} {{ list | length }} {{ 'abc' | reverse }} {{ price | format: '%.2f' }} {{ double(count) }}", values)
show("{{ 'a long sentence here' | truncate: 10 }} {{ 'x' | pad: 5, '.' }}|{{ html }} {{ html | raw }}", values)
show("{% if count > 2 and not (zero ~= 0) %}yes{% else %}no{% end %} {% if count == 1 %}1{% elseif count == 3 %}3{% end %}", values)
show("{% for x in list %}{{ loop.index }}/{{ loop.count }}={{ x }}{% if not loop.last %}, {% end %}{% end %}", values)
show("{% for name, age in ages %}{{ name }}:{{ age }} {% end %}{% for x in empty %}x{% else %}nothing{% end %}", values)
show("{% for i in 1...count %}{% for j in 1...i %}{{ i * j }}{{ ' ' }}{% end %}|{% end %}", values)
show("{% set total = 0 %}{% set total = total + 5 %}{{ total }} {# a comment {{ x }} #}done", values)
show("{% macro cell(text, n) %}[{{ text }}:{{ n | default: 0 }}]{% end %}{{ cell('a', 1) }}{{ cell('b') | raw }}", values)
show("a  {{- count -}}   b {%- if true -%}  c  {%- end -%}  d", values)

local site = loader {
  base = "<title>{% block title %}Site{% end %}</title>\n<body>{% block body %}{% end %}</body>\n<p>{% block foot %}made by {{ author }}{% end %}</p>",
  page = "{% extends 'base' %}{% block title %}Page - {{ super() }}{% end %}{% block body %}{% include 'part' %}{% for x in items %}{% include 'part' %}{% end %}{% end %}",
  deep = "{% extends 'page' %}{% block title %}Deep > {{ super() }}{% end %}{% block foot %}{% end %}",
  part = "<i>{{ x | default: 'no x' }}</i>",
}
for _, name in ipairs { "base", "page", "deep" } do print(site:render(name, { author = "me & you", items = { 1, "<2>" } })) end

for _, bad in ipairs {
  "{{ }}", "{{ a b }}", "\n\n{{ 'x }}", "{{ x | nothing }}", "{% if x %}", "{% oops %}", "{{ $ }}", "a\n{% for x %}{% end %}", "{% for x in y %}",
  "{{ (1 }}", "{{ x", "{% set 1 = 2 %}", "{{ 1 + }}", "{% include 'missing' %}", "{{ missing() }}", "{{ user.first }}", "{{ 'a' + {} }}",
} do show(bad) end

local rows = {}
for i = 1, 30 do rows[i] = { id = i, name = ("row %d"):format(i), marks = { i % 3, i % 5, i % 7 } } end
show([[
{% for row in rows -%}
{% if row.id % 10 == 0 %}{{ row.id | format: '%03d' }} {{ row.name | title | pad: 10 }} {{ row.marks | join: '/' }} = {{ row.marks | sum }}
{% end -%}
{% end -%}
]], { rows = rows })
