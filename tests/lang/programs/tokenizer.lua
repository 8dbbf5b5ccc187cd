-- A tokenizer of Lua in Lua, and on top of it a checker of block structure, a counter, a minifier.

local Lexer = {}
Lexer.__index = Lexer

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then
true until while]]):gmatch("%a+") do keywords[word] = true end

local symbols = {}
for symbol in ("... .. . == ~= <= >= << >> // :: + - * / % ^ # & ~ | < > = ( ) { } [ ] ; : ,"):gmatch("%S+") do
  symbols[#symbol] = symbols[#symbol] or {}
  symbols[#symbol][symbol] = true
end

function Lexer.new(source, name)
  return setmetatable({ source = source, name = name or "?", at = 1, line = 1, line_start = 1 }, Lexer)
end

function Lexer:fail(message, near)
  error(("%s:%d: %s%s"):format(self.name, self.line, message, near and " near '" .. near .. "'" or ""), 0)
end

function Lexer:count_lines(text)
  local start = 1
  while true do
    local at = text:find("\n", start, true)
    if not at then return end
    self.line = self.line + 1
    start = at + 1
  end
end

function Lexer:long_bracket(at)
  local level = self.source:match("^%[(=*)%[", at)
  if not level then return nil end
  local open = at + #level + 2
  local stop = self.source:find("]" .. level .. "]", open, true)
  if not stop then return nil, true end
  local body = self.source:sub(open, stop - 1)
  return (body:gsub("^\r?\n", "")), stop + #level + 2, body
end

local simple = { a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v" }

function Lexer:quoted(quote)
  local pieces, at = {}, self.at + 1
  local source = self.source
  while true do
    local stop = source:find("[\\\n" .. quote .. "]", at)
    if not stop then self:fail("unfinished string", source:sub(self.at)) end
    pieces[#pieces + 1] = source:sub(at, stop - 1)
    local char = source:sub(stop, stop)
    if char == quote then return table.concat(pieces), stop + 1 end
    if char == "\n" then self:fail("unfinished string", source:sub(self.at, stop - 1)) end
    local escape = source:sub(stop + 1, stop + 1)
    at = stop + 2
    if simple[escape] then
      pieces[#pieces + 1] = simple[escape]
    elseif escape == "x" then
      local digits = source:match("^%x%x", at) or self:fail("hexadecimal digit expected", source:sub(self.at, at))
      pieces[#pieces + 1] = string.char(tonumber(digits, 16))
      at = at + 2
    elseif escape == "z" then
      local blank = source:match("^%s*", at)
      self:count_lines(blank)
      at = at + #blank
    elseif escape == "u" then
      local digits = source:match("^{(%x+)}", at) or self:fail("missing '{' in \\u{xxxx}", source:sub(self.at, at))
      if tonumber(digits, 16) > 0x10FFFF then self:fail("UTF-8 value too large", source:sub(self.at, at + #digits)) end
      pieces[#pieces + 1] = utf8.char(tonumber(digits, 16))
      at = at + #digits + 2
    elseif escape:find("%d") then
      local digits = source:match("^%d%d?%d?", at - 1)
      if tonumber(digits) > 255 then self:fail("decimal escape too large", source:sub(self.at, at + 1)) end
      pieces[#pieces + 1] = string.char(tonumber(digits))
      at = at - 1 + #digits
    elseif escape == "\n" then
      self.line = self.line + 1
      pieces[#pieces + 1] = "\n"
    elseif escape == "\\" or escape == '"' or escape == "'" then
      pieces[#pieces + 1] = escape
    else
      self:fail("invalid escape sequence", "\\" .. escape)
    end
  end
end

function Lexer:token(kind, stop, value)
  local text = self.source:sub(self.at, stop - 1)
  local token = { kind = kind, text = text, value = value, line = self.line, column = self.at - self.line_start + 1 }
  self.at = stop
  return token
end

function Lexer:next()
  local source = self.source
  while true do
    local char = source:sub(self.at, self.at)
    if char == "" then return nil end
    if char == "\n" then
      self.line, self.at = self.line + 1, self.at + 1
      self.line_start = self.at
    elseif char:find("%s") then
      self.at = self.at + 1
    elseif source:find("^%-%-", self.at) then
      local start = self.at + 2
      local body, stop, raw = self:long_bracket(start)
      if stop == true then self:fail "unfinished long comment" end
      if body then
        local token = self:token("comment", stop, body)
        self:count_lines(raw)
        return token
      end
      stop = source:find("\n", start, true) or #source + 1
      return self:token("comment", stop, source:sub(start, stop - 1))
    elseif char == "[" and source:find("^%[=*%[", self.at) then
      local body, stop, raw = self:long_bracket(self.at)
      if not body then self:fail "unfinished long string" end
      local token = self:token("string", stop, body)
      self:count_lines(raw)
      return token
    elseif char == '"' or char == "'" then
      local line = self.line
      local value, stop = self:quoted(char)
      local token = self:token("string", stop, value)
      token.line = line
      return token
    elseif char:find("%d") or source:find("^%.%d", self.at) then
      local text = source:match("^0[xX][%x.]*[pP][+-]?%w*", self.at) or source:match("^0[xX][%w.]*", self.at)
        or source:match("^[%d.]+[eE][+-]%w*", self.at) or source:match("^[%w.]+", self.at)
      local value = tonumber(text) or self:fail("malformed number", text)
      return self:token("number", self.at + #text, value)
    elseif char:find("[%a_]") then
      local name = source:match("^[%w_]+", self.at)
      return self:token(keywords[name] and "keyword" or "name", self.at + #name, name)
    else
      for size = 3, 1, -1 do
        local symbol = source:sub(self.at, self.at + size - 1)
        if symbols[size][symbol] then return self:token("symbol", self.at + size, symbol) end
      end
      self:fail("unexpected symbol", char)
    end
  end
end

function Lexer:all() return function() return self:next() end end

---------------------------------------------------------------------------------------------------

local closers = { ["("] = ")", ["{"] = "}", ["["] = "]", ["do"] = "end", ["then"] = "end", ["function"] = "end", ["repeat"] = "until" }

-- Blocks and brackets must match; gives back the functions with their lines and depths.
local function structure(source, name)
  local stack, functions = {}, {}
  local lexer = Lexer.new(source, name)
  local previous
  for token in lexer:all() do
    local text = token.text
    if token.kind == "comment" or token.kind == "string" then
      goto continue
    end
    if text == "else" or text == "elseif" then
      local top = stack[#stack]
      if not top or top.closer ~= "end" then lexer:fail("unexpected symbol", text) end
      if text == "elseif" then stack[#stack] = nil end
    elseif token.kind == "symbol" or token.kind == "keyword" then
      if closers[text] then
        stack[#stack + 1] = { text = text, closer = closers[text], line = token.line }
        if text == "function" then
          functions[#functions + 1] = { line = token.line, depth = #stack }
          stack[#stack].about = functions[#functions]
        end
      elseif text == ")" or text == "}" or text == "]" or text == "end" or text == "until" then
        local top = table.remove(stack)
        if not top then lexer:fail("'<eof>' expected", text) end
        if top.closer ~= text then
          lexer:fail(("'%s' expected (to close '%s' at line %d)"):format(top.closer, top.text, top.line), text)
        end
        if top.about then top.about.last = token.line end
      end
    elseif token.kind == "name" and previous == "function" then
      functions[#functions].name = text
    end
    previous = text
    ::continue::
  end
  local open = stack[#stack]
  if open then lexer:fail(("'%s' expected (to close '%s' at line %d)"):format(open.closer, open.text, open.line), "<eof>") end
  return functions
end

local function count(source)
  local counts, kinds, longest = {}, {}, ""
  local total = 0
  for token in Lexer.new(source):all() do
    counts[token.kind] = (counts[token.kind] or 0) + 1
    total = total + 1
    if token.kind == "name" then
      kinds[token.text] = (kinds[token.text] or 0) + 1
      if #token.text > #longest then longest = token.text end
    end
  end
  local names = {}
  for name in pairs(kinds) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    if kinds[a] ~= kinds[b] then return kinds[a] > kinds[b] end
    return a < b
  end)
  local top = {}
  for i = 1, math.min(5, #names) do top[i] = names[i] .. "=" .. kinds[names[i]] end
  return total, counts, table.concat(top, " "), longest
end

-- The source on few lines: no comments, a blank only where two tokens would become one.
local function minify(source, width)
  local lines, line, last = {}, "", nil
  for token in Lexer.new(source):all() do
    if token.kind ~= "comment" then
      local text = token.kind == "string" and ("%q"):format(token.value):gsub("\\\n", "\\n") or token.text
      local words = last and last:find("[%w_]$") and text:find("^[%w_]")
      local symbols_meet = last and (last:sub(-1) .. text:sub(1, 1)):find("^[-.<>=~/:%[]+$")
      local piece = (words or symbols_meet) and " " .. text or text
      if #line + #piece > width then
        lines[#lines + 1] = line
        line, piece = "", text
      end
      line = line .. piece
      last = text
    end
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

-- Trials --------------------------------------------------------------------------------------------------

local sample = [==[
#!not a token of Lua
]==]
print(pcall(function() for _ in Lexer.new(sample, "sample"):all() do end end))

local program = [==[
-- A comment, and --[[ not a long one
local x, y = 0xFF, 3.5e-2 --[[ a long
comment ]] local z = .5
local s = "a\tb\65\x41\u{e9}\z
           joined \"quoted\" \
next line" .. 'it''s' .. [[
long
string]] .. [=[ ]] ]=]
function t.a.b:method(...) return #s, ~x, x // y, x >> 2 << 1, not z end
for i = 1, 10 do if i ~= 5 then goto continue end print(i) ::continue:: end
local t = { 1, 2; x = 3, ["y"] = { } }
repeat local n = n and n - 1 or 10 until n <= 0 or x >= 3 == false
while true do break end
]==]
for token in Lexer.new(program, "program"):all() do
  print(("%2d:%-3d %-8s %s%s"):format(token.line, token.column, token.kind, (token.text:gsub("\n", "\\n"):sub(1, 40)),
    token.kind == "number" and " = " .. tostring(token.value) or token.kind == "string" and " = " .. ("%q"):format(token.value):gsub("\\\n", "\\n") or ""))
end
for _, f in ipairs(structure(program, "program")) do print("function", f.name, f.line, f.last, f.depth) end
print(minify(program, 70))
print(minify(minify(program, 70), 40) == minify(program, 40))

for _, number in ipairs { "0", "007", "1e10", "1E+5", "3.", ".25", "0x10", "0xA.8p1", "0x.1p-3", "9223372036854775807", "9223372036854775808", "0xffffffffffffffff", "1e", "0x", "1..2", "3x", "1.2.3", "0x1p", "12_3" } do
  local ok, token = pcall(function() return Lexer.new(number, "n"):next() end)
  print(number, ok and math.type(token.value), ok and token.value or token)
end
for _, bad in ipairs {
  "x = 'abc", 'x = "a\nb"', "x = '\\q'", "x = '\\300'", "x = '\\xZZ'", "x = '\\u{110000}'", "x = [==[ never", "--[[ never", "x = @", "a ! b", "$",
} do print(pcall(function() for _ in Lexer.new(bad, "bad"):all() do end end)) end
for _, text in ipairs {
  "if x then y() end", "if x then", "for i = 1, 2 do end end", "f(", "f(]", "while x do if y then end", "repeat until x", "repeat end",
  "if a then elseif b then else end", "else", "local f = function() return { function() end } end", "x = { [1] = (2) }", "do ( end )",
} do
  local ok, functions = pcall(structure, text, "text")
  print(text, ok, ok and #functions or functions)
end

-- On a long text made of the sample.
local long = program:rep(40)
local total, counts, top, longest = count(long)
print(total, counts.name, counts.keyword, counts.symbol, counts.string, counts.number, counts.comment, top, longest)
local size = 0
for token in Lexer.new(long):all() do size = size + #token.text end
print(size, #long)
