-- A JSON library: encoder with sorted keys and indentation, decoder with positions in its errors.

local json = {}

-- null is a value of its own, so that it survives in tables.
json.null = setmetatable({}, { __tostring = function() return "null" end })

---------------------------------------------------------------------------------------------------
-- Encoding

local escapes = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f",
  ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local function escape_char(c)
  return escapes[c] or string.format("\\u%04x", c:byte())
end

local encode_value

local function is_array(t)
  local count = 0
  for key in pairs(t) do
    if math.type(key) ~= "integer" or key < 1 then return false end
    count = count + 1
  end
  return count == #t, count
end

local function encode_string(s)
  return '"' .. s:gsub('[%c"\\\127]', escape_char) .. '"'
end

local function encode_number(n)
  if n ~= n or n == math.huge or n == -math.huge then
    error("cannot encode the number " .. (n ~= n and "nan" or tostring(n)), 0)
  end
  if math.type(n) == "integer" then return ("%d"):format(n) end
  local text = ("%.14g"):format(n)
  return text
end

local function encode_table(t, state, depth)
  if state.seen[t] then error("circular reference", 0) end
  state.seen[t] = true
  local indent = state.indent
  local inner = indent and "\n" .. indent:rep(depth + 1) or ""
  local outer = indent and "\n" .. indent:rep(depth) or ""
  local colon = indent and ": " or ":"
  local parts, open, close = {}, "{", "}"
  local array, count = is_array(t)
  if array and (count > 0 or getmetatable(t) == json.array_mt) then
    open, close = "[", "]"
    for i, item in ipairs(t) do
      parts[i] = inner .. encode_value(item, state, depth + 1)
    end
  else
    local keys = {}
    for key in pairs(t) do
      if type(key) ~= "string" then error("bad key of type " .. type(key), 0) end
      keys[#keys + 1] = key
    end
    table.sort(keys)
    for _, key in ipairs(keys) do
      parts[#parts + 1] = inner .. encode_string(key) .. colon .. encode_value(t[key], state, depth + 1)
    end
  end
  state.seen[t] = nil
  if #parts == 0 then return open .. close end
  return open .. table.concat(parts, ",") .. outer .. close
end

local encoders = {
  ["nil"] = function() return "null" end,
  boolean = tostring,
  number = encode_number,
  string = encode_string,
  table = function(t, state, depth)
    if t == json.null then return "null" end
    local mt = getmetatable(t)
    if mt and mt.__tojson then return mt.__tojson(t, state, depth) end
    return encode_table(t, state, depth)
  end,
}

function encode_value(v, state, depth)
  local encoder = encoders[type(v)]
  if not encoder then error("cannot encode a " .. type(v), 0) end
  return encoder(v, state, depth)
end

json.array_mt = { __name = "array" }

function json.array(t) return setmetatable(t or {}, json.array_mt) end

function json.encode(value, indent)
  return encode_value(value, { seen = {}, indent = indent }, 0)
end

---------------------------------------------------------------------------------------------------
-- Decoding

local Decoder = {}
Decoder.__index = Decoder

function Decoder:fail(message, at)
  at = at or self.at
  local line, start = 1, 1
  for position in self.text:gmatch("()\n") do
    if position >= at then break end
    line, start = line + 1, position + 1
  end
  error({ message = message, line = line, column = at - start + 1 }, 0)
end

function Decoder:skip()
  self.at = self.text:find("[^ \t\r\n]", self.at) or #self.text + 1
end

function Decoder:expect(char)
  if self.text:sub(self.at, self.at) ~= char then
    self:fail(("expected '%s'"):format(char))
  end
  self.at = self.at + 1
end

local unescapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

function Decoder:string()
  local start = self.at
  self:expect('"')
  local buffer = {}
  while true do
    local stop = self.text:find('["\\%c]', self.at)
    if not stop then self:fail("unfinished string", start) end
    buffer[#buffer + 1] = self.text:sub(self.at, stop - 1)
    local char = self.text:sub(stop, stop)
    self.at = stop + 1
    if char == '"' then
      return table.concat(buffer)
    elseif char ~= "\\" then
      self:fail("control character in string", stop)
    end
    local kind = self.text:sub(self.at, self.at)
    if kind == "u" then
      local digits = self.text:match("^%x%x%x%x", self.at + 1)
      if not digits then self:fail("bad unicode escape") end
      self.at = self.at + 5
      local code = tonumber(digits, 16)
      if code >= 0xD800 and code < 0xDC00 then
        local low = self.text:match("^\\u(%x%x%x%x)", self.at)
        if not low then self:fail("lone surrogate") end
        code = 0x10000 + ((code - 0xD800) << 10) + (tonumber(low, 16) - 0xDC00)
        self.at = self.at + 6
      end
      buffer[#buffer + 1] = utf8.char(code)
    elseif unescapes[kind] then
      buffer[#buffer + 1] = unescapes[kind]
      self.at = self.at + 1
    else
      self:fail("unknown escape")
    end
  end
end

function Decoder:number()
  local text = self.text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", self.at)
  local value = text and tonumber(text)
  if not value or text:find("^-?0%d") then self:fail("bad number") end
  self.at = self.at + #text
  return value
end

local literals = { { "true", true }, { "false", false }, { "null", json.null } }

function Decoder:value()
  self:skip()
  local char = self.text:sub(self.at, self.at)
  if char == "{" then return self:object() end
  if char == "[" then return self:list() end
  if char == '"' then return self:string() end
  if char:find("[-%d]") then return self:number() end
  for _, literal in ipairs(literals) do
    local word, value = literal[1], literal[2]
    if self.text:sub(self.at, self.at + #word - 1) == word then
      self.at = self.at + #word
      return value
    end
  end
  self:fail(char == "" and "unexpected end" or "unexpected '" .. char .. "'")
end

function Decoder:items(close, item)
  self.at = self.at + 1
  self:skip()
  if self.text:sub(self.at, self.at) == close then
    self.at = self.at + 1
    return
  end
  repeat
    item()
    self:skip()
    local char = self.text:sub(self.at, self.at)
    self.at = self.at + 1
    if char ~= close and char ~= "," then
      self:fail(("expected ',' or '%s'"):format(close), self.at - 1)
    end
  until char == close
end

function Decoder:object()
  local object = {}
  self:items("}", function()
    self:skip()
    local key = self:string()
    self:skip()
    self:expect(":")
    object[key] = self:value()
  end)
  return object
end

function Decoder:list()
  local list = json.array()
  self:items("]", function() list[#list + 1] = self:value() end)
  return list
end

function json.decode(text)
  local decoder = setmetatable({ text = text, at = 1 }, Decoder)
  local ok, result = pcall(function()
    local value = decoder:value()
    decoder:skip()
    if decoder.at <= #text then decoder:fail("trailing text") end
    return value
  end)
  if ok then return result end
  if type(result) ~= "table" then error(result, 0) end
  return nil, ("%d:%d: %s"):format(result.line, result.column, result.message)
end

---------------------------------------------------------------------------------------------------
-- Trials

local function show(...) print(json.encode(...)) end

show(nil)
show(true)
show(12)
show(-0.5)
show(1e100)
show(2^53)
show("a \"quoted\" line\n\tand \0 \127 é")
show({})
show(json.array())
show({ 1, 2, { 3, { 4 } } })
show({ name = "lamp", on = false, tags = { "brass", "old" }, price = 12.5, owner = json.null })
show({ name = "lamp", empty = {}, list = json.array(), nested = { a = { b = { c = 1 } } } }, "  ")

local Point = {}
Point.__index = Point
Point.__tojson = function(p) return ("[%g,%g]"):format(p.x, p.y) end
local function point(x, y) return setmetatable({ x = x, y = y }, Point) end
show({ from = point(1, 2), to = point(0.5, -3) })

for _, bad in ipairs { { [1] = 1, x = 2 }, { print }, { 0 / 0 }, { math.huge }, { [1.5] = 1 } } do
  print(pcall(json.encode, bad))
end
local loop = {}
loop.loop = loop
print(pcall(json.encode, loop))
local shared = { 1 }
show({ shared, shared })

local texts = {
  "1", " [1, 2.5, -3e2, 0, 1E+2]", '{"a": {"b": [true, false, null]}, "c": "\\u00e9\\ud83d\\ude00\\n\\/"}',
  '"plain"', "[]", "{}", "[[[]]]", '{"": ""}',
  "", "[1,", "[1 2]", '{"a" 1}', '{a: 1}', '"abc', '"a\nb"', '"\\x"', '"\\ud83d"', "01", "-", "tru", "[1]]",
  '{\n  "first": 1,\n  "second": oops\n}', "[1,]", '{"a":1,}', "nul",
}
for _, text in ipairs(texts) do
  local value, fault = json.decode(text)
  print(fault and "error " .. fault or json.encode(value))
end

-- There and back.
local seed = 42
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n
end
local function anything(depth)
  local kind = random(depth > 3 and 5 or 7)
  if kind == 0 then return json.null end
  if kind == 1 then return random(2) == 0 end
  if kind == 2 then return random(1000) - 500 end
  if kind == 3 then return random(1000) / 8 end
  if kind == 4 then
    local bytes = {}
    for i = 1, random(6) do bytes[i] = string.char(32 + random(90)) end
    return table.concat(bytes)
  end
  local t = kind == 5 and json.array() or {}
  for i = 1, random(5) do
    t[kind == 5 and i or "k" .. random(20)] = anything(depth + 1)
  end
  return t
end
for round = 1, 40 do
  local value = anything(0)
  local text = json.encode(value)
  local pretty = json.encode(value, "\t")
  assert(json.encode(json.decode(text)) == text, text)
  assert(json.encode(json.decode(pretty)) == text, pretty)
  print(round, #text, #pretty, text:sub(1, 60))
end
