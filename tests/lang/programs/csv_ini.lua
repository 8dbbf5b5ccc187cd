-- Reading and writing CSV and INI, with quotes, types, sections, joins and reports.

local csv = {}

-- Splits a text into rows of fields; quoted fields may hold separators, quotes and line ends.
function csv.parse(text, options)
  options = options or {}
  local separator = options.separator or ","
  local rows, row, at, line = {}, {}, 1, 1
  local size = #text
  local function fail(message) error(("csv line %d: %s"):format(line, message), 0) end
  while at <= size do
    local field
    if text:sub(at, at) == '"' then
      local start = at + 1
      local pieces = {}
      while true do
        local quote = text:find('"', start, true)
        if not quote then fail("unfinished quote") end
        pieces[#pieces + 1] = text:sub(start, quote - 1)
        if text:sub(quote + 1, quote + 1) == '"' then
          pieces[#pieces + 1] = '"'
          start = quote + 2
        else
          at = quote + 1
          break
        end
      end
      field = table.concat(pieces)
      for _ in field:gmatch("\n") do line = line + 1 end
      local next_char = text:sub(at, at)
      if next_char ~= "" and next_char ~= separator and not next_char:find("[\r\n]") then
        fail("text behind a quote")
      end
    else
      local stop = text:find("[" .. (separator == "^" and "%^" or separator) .. "\r\n]", at) or size + 1
      field = text:sub(at, stop - 1)
      if field:find('"', 1, true) then fail("stray quote") end
      at = stop
    end
    row[#row + 1] = field
    local char = text:sub(at, at)
    if char == separator then
      at = at + 1
      if at > size then row[#row + 1] = "" end
    end
    if char ~= separator or at > size then
      rows[#rows + 1], row = row, {}
      at = select(2, text:find("^\r?\n", at)) or at
      at = at + 1
      line = line + 1
    end
  end
  return rows
end

local converters = {
  number = function(s) return tonumber(s) or error("not a number: " .. s, 0) end,
  integer = function(s) return math.tointeger(tonumber(s)) or error("not an integer: " .. s, 0) end,
  boolean = function(s)
    s = s:lower()
    if s == "yes" or s == "true" or s == "1" then return true end
    if s == "no" or s == "false" or s == "0" then return false end
    error("not a boolean: " .. s, 0)
  end,
  date = function(s)
    local year, month, day = s:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
    if not year then error("not a date: " .. s, 0) end
    return { year = tonumber(year), month = tonumber(month), day = tonumber(day) }
  end,
  string = function(s) return s end,
}

-- Rows as records by the names in the first row: `price:number`.
function csv.records(text, options)
  local rows = csv.parse(text, options)
  local names, kinds = {}, {}
  for i, head in ipairs(table.remove(rows, 1) or {}) do
    local name, kind = head:match("^(.-):(%l+)$")
    names[i], kinds[i] = name or head, converters[kind or "string"] or error("unknown kind " .. kind, 2)
  end
  local records, faults = {}, {}
  for number, row in ipairs(rows) do
    local record = setmetatable({}, { __index = { row = number } })
    local ok, fault = pcall(function()
      if #row ~= #names then error(("%d fields, not %d"):format(#row, #names), 0) end
      for i, field in ipairs(row) do
        if field ~= "" then record[names[i]] = kinds[i](field) end
      end
    end)
    if ok then records[#records + 1] = record else faults[#faults + 1] = ("row %d: %s"):format(number, fault) end
  end
  return records, faults, names
end

function csv.write(rows, separator)
  separator = separator or ","
  local lines = {}
  for i, row in ipairs(rows) do
    local fields = {}
    for j, field in ipairs(row) do
      field = tostring(field)
      if field:find('[\r\n"]') or field:find(separator, 1, true) or field:find("^%s") or field:find("%s$") then
        field = '"' .. field:gsub('"', '""') .. '"'
      end
      fields[j] = field
    end
    lines[i] = table.concat(fields, separator)
  end
  return table.concat(lines, "\n") .. "\n"
end

---------------------------------------------------------------------------------------------------

local ini = {}

local function value_of(text)
  local quoted = text:match('^"(.*)"$') or text:match("^'(.*)'$")
  if quoted then
    return (quoted:gsub("\\(.)", function(c) return ({ n = "\n", t = "\t" })[c] or c end))
  end
  if text == "true" or text == "on" then return true end
  if text == "false" or text == "off" then return false end
  if text:find("^%[.*%]$") then
    local list = {}
    for item in text:sub(2, -2):gmatch("[^,]+") do list[#list + 1] = value_of(item:match("^%s*(.-)%s*$")) end
    return list
  end
  return tonumber(text) or text
end

function ini.parse(text)
  local root = {}
  local section, path, number = root, "", 0
  local continued
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    number = number + 1
    line = line:gsub("\r$", "")
    if continued then
      line, continued = continued .. line:gsub("^%s+", ""), nil
    end
    if line:sub(-1) == "\\" then
      continued = line:sub(1, -2)
      goto next_line
    end
    line = line:match("^%s*(.-)%s*$")
    if line == "" or line:find("^[;#]") then goto next_line end
    do
      local name = line:match("^%[%s*([%w%._ -]-)%s*%]$")
      if name then
        section, path = root, name
        for part in name:gmatch("[^.]+") do
          if section[part] == nil then section[part] = {} end
          section = section[part]
          if type(section) ~= "table" then
            error(("ini line %d: '%s' is a value already"):format(number, part), 0)
          end
        end
      else
        local key, rest = line:match("^([%w_.-]+)%s*[=:]%s*(.*)$")
        if not key then error(("ini line %d: cannot read '%s'"):format(number, line), 0) end
        if not rest:find("^[\"']") then rest = rest:gsub("%s+[;#].*$", "") end
        if section[key] ~= nil then
          if type(section[key]) ~= "table" then section[key] = { section[key] } end
          table.insert(section[key], value_of(rest))
        else
          section[key] = value_of(rest)
        end
      end
    end
    ::next_line::
  end
  return root
end

-- Values of the form ${section.key} are taken from elsewhere.
function ini.interpolate(root)
  local function find(path)
    local at = root
    for part in path:gmatch("[^.]+") do
      at = type(at) == "table" and at[part] or nil
    end
    return at
  end
  local resolving = {}
  local function expand(value)
    if type(value) ~= "string" then return value end
    return (value:gsub("%${([%w_.]+)}", function(path)
      if resolving[path] then error("circular reference to " .. path, 0) end
      local found = find(path)
      if found == nil then return nil end
      resolving[path] = true
      local text = tostring(expand(found))
      resolving[path] = nil
      return text
    end))
  end
  local function walk(t)
    local keys = {}
    for key in pairs(t) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    for _, key in ipairs(keys) do
      local value = t[key]
      if type(value) == "table" then walk(value) else t[key] = expand(value) end
    end
    return t
  end
  return walk(root)
end

local function dump(value, indent)
  indent = indent or ""
  if type(value) ~= "table" then return ("%s (%s)"):format(tostring(value):gsub("[\n\t]", { ["\n"] = "\\n", ["\t"] = "\\t" }), math.type(value) or type(value)) end
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) == type(b) then return a < b end
    return type(a) == "number"
  end)
  local lines = {}
  for _, key in ipairs(keys) do
    local text = dump(value[key], indent .. "  ")
    lines[#lines + 1] = ("%s%s:%s%s"):format(indent, key, type(value[key]) == "table" and "\n" or " ", text)
  end
  return table.concat(lines, "\n")
end

-- Reports -------------------------------------------------------------------------------------------------

local function columns(rows, aligns)
  local widths = {}
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do widths[i] = math.max(widths[i] or 0, utf8.len(tostring(cell))) end
  end
  for _, row in ipairs(rows) do
    local cells = {}
    for i, cell in ipairs(row) do
      cell = tostring(cell)
      local fill = (" "):rep(widths[i] - utf8.len(cell))
      cells[i] = (aligns or ""):sub(i, i) == "r" and fill .. cell or cell .. fill
    end
    print((table.concat(cells, "  "):gsub("%s+$", "")))
  end
end

local orders = [[
id:integer,customer,item,quantity:integer,price:number,shipped:boolean,date:date
1,Ann,"Lamp, brass",2,19.90,yes,2023-01-15
2,Bob,Chair,4,49.5,no,2023-01-16
3,Ann,"Table ""Oak""",1,310,yes,2023-02-01
4,Cléo,Chair,6,49.5,TRUE,2023-02-03
5,Bob,"two
lines",1,0.25,0,2023-02-03
6,Dan,Lamp,x,19.90,yes,2023-02-04
7,Dan,Lamp,1,19.90,maybe,2023-02-04
8,Eve,Rug,1
9,Eve,Rug,3,,no,2023-03-01
10,Ann,Rug,1,75,yes,2023-13-1
]]
local records, faults, names = csv.records(orders)
print(#records, table.concat(names, " "))
for _, fault in ipairs(faults) do print(fault) end
local rows = { { "id", "customer", "item", "quantity", "price", "total", "shipped", "month" } }
for _, r in ipairs(records) do
  rows[#rows + 1] = {
    r.id, r.customer, r.item:gsub("\n", "\\n"), r.quantity, r.price or "-",
    r.price and ("%.2f"):format(r.quantity * r.price) or "-", tostring(r.shipped), ("%d-%02d"):format(r.date.year, r.date.month),
  }
  table.remove(rows[#rows], 4)
end
table.remove(rows[1], 4)
columns(rows, "rllrrll")

local groups, order = {}, {}
for _, r in ipairs(records) do
  local group = groups[r.customer]
  if not group then
    group = { name = r.customer, count = 0, total = 0, items = {} }
    groups[r.customer] = group
    order[#order + 1] = group
  end
  group.count = group.count + r.quantity
  group.total = group.total + r.quantity * (r.price or 0)
  group.items[#group.items + 1] = r.item:match("^%w+")
end
table.sort(order, function(a, b) return a.total > b.total end)
local report = {}
for i, group in ipairs(order) do
  report[i] = { group.name, group.count, ("%.2f"):format(group.total), table.concat(group.items, ", ") }
end
columns(report, "lrrl")

local written = csv.write { { "plain", 'with "quotes"', "a,b" }, { " padded ", "line\nend", 12.5, true }, { "", "", "" } }
io.write(written)
local again = csv.parse(written)
print(#again, again[1][2], again[1][3], "[" .. again[2][1] .. "]", #again[2][2], again[2][3], #again[3])
for _, text in ipairs { "", "\n", "a", "a,", ",", "a;b\r\nc;d\r\n", '"x', '"x"y', 'a"b', "a,b\n\nc", '""', '"""",1' } do
  local ok, parsed = pcall(csv.parse, text, { separator = text:find(";") and ";" or "," })
  if ok then
    local shown = {}
    for i, row in ipairs(parsed) do shown[i] = "<" .. table.concat(row, "|") .. ">" end
    print(("%q"):format(text), #parsed, table.concat(shown, " "))
  else
    print(("%q"):format(text), parsed)
  end
end
print(pcall(csv.records, "a:nothing\n1"))

local config = ini.parse [[
; a comment
# another
name = demo
version: 1.20
debug = on

[server]
host = "example.org"   
port = 0x1F90 ; in hex
paths = [/a, /b/c, 12, true]
motto = 'it''s \"fine\"\n'
long = one \
       two \
       three

[server.limits]
rate = 1e3
burst = -5
alias = a
alias = b
alias = 3

[client]
url = http://${server.host}:${server.port}/${missing}
title = ${name} ${client.url}
]]
print(dump(ini.interpolate(config)))
for _, bad in ipairs { "[a\nx = 1", "x = 1\n[x]\ny = 2", "= 3", "key value" } do print(pcall(ini.parse, bad)) end
print(pcall(ini.interpolate, ini.parse "a = ${b}\nb = ${a}"))
