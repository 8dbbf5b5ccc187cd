-- Markdown to HTML: blocks first, then what stands inside a line.

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

---------------------------------------------------------------------------------------------------
-- Spans. Finished pieces are kept aside as \1N\1, so that later rules do not touch them.

local function inline(text, links)
  local kept = {}
  local function keep(html)
    kept[#kept + 1] = html
    return "\1" .. #kept .. "\1"
  end

  text = text:gsub("\\([\\`*_{}%[%]()#+.!~-])", function(c) return keep(escape(c)) end)
  text = text:gsub("(`+)(.-)%1", function(_, code) return keep("<code>" .. escape(code:match("^%s*(.-)%s*$")) .. "</code>") end)
  text = text:gsub("<(%a[%w+.-]*:[^%s<>]+)>", function(url)
    return keep(('<a href="%s">%s</a>'):format(escape(url), escape(url)))
  end)
  text = text:gsub("!%[(.-)%]%((%S-)%)", function(alt, url)
    return keep(('<img src="%s" alt="%s">'):format(escape(url), escape(alt)))
  end)
  text = text:gsub('%[(.-)%]%((%S-)%s*(%b"")%)', function(label, url, title)
    return keep(('<a href="%s" title="%s">'):format(escape(url), escape(title:sub(2, -2)))) .. label .. keep "</a>"
  end)
  text = text:gsub("%[(.-)%]%((%S-)%)", function(label, url)
    return keep(('<a href="%s">'):format(escape(url))) .. label .. keep "</a>"
  end)
  text = text:gsub("%[([^%]]-)%]%[(.-)%]", function(label, name)
    local link = links[(name == "" and label or name):lower()]
    if not link then return nil end
    return keep(('<a href="%s">'):format(escape(link))) .. label .. keep "</a>"
  end)
  text = escape(text)
  text = text:gsub("%*%*%f[^%s*](.-)%*%*", "<strong>%1</strong>")
  text = text:gsub("__%f[^%s_](.-)__", "<strong>%1</strong>")
  text = text:gsub("%*%f[^%s*](.-)%*", "<em>%1</em>")
  text = text:gsub("%f[%w_]_(.-)_%f[^%w_]", "<em>%1</em>")
  text = text:gsub("~~(.-)~~", "<del>%1</del>")
  text = text:gsub("  +\n", "<br>\n")
  local count
  repeat
    text, count = text:gsub("\1(%d+)\1", function(n) return kept[tonumber(n)] end)
  until count == 0
  return text
end

---------------------------------------------------------------------------------------------------
-- Blocks.

local Lines = {}
Lines.__index = Lines

function Lines.new(text)
  local lines = {}
  for line in (text:gsub("\r\n?", "\n") .. "\n"):gmatch("(.-)\n") do
    lines[#lines + 1] = line:gsub("\t", "    ")
  end
  if lines[#lines] == "" then lines[#lines] = nil end
  return setmetatable({ lines = lines, at = 1 }, Lines)
end

function Lines:peek(ahead) return self.lines[self.at + (ahead or 0)] end
function Lines:next()
  local line = self.lines[self.at]
  self.at = self.at + 1
  return line
end

local blocks

local function is_blank(line) return not line:find("%S") end
local function bullet(line)
  local indent, mark, rest = line:match("^( *)([-*+]) +(.*)$")
  if indent then return #indent, "ul", rest, #indent + 2 end
  local number
  indent, number, rest = line:match("^( *)(%d+)[.)] +(.*)$")
  if indent then return #indent, "ol", rest, #indent + #number + 2, tonumber(number) end
end

local rules = {}

rules[1] = function(lines, out, state) -- headings
  local marks, text = lines:peek():match("^(#+)%s+(.-)%s*#*$")
  if not marks or #marks > 6 then return end
  lines:next()
  local id = text:lower():gsub("[^%w%s-]", ""):gsub("%s+", "-")
  local used = state.ids[id]
  state.ids[id] = (used or 0) + 1
  if used then id = id .. "-" .. used end
  state.contents[#state.contents + 1] = { level = #marks, text = text, id = id }
  out[#out + 1] = ('<h%d id="%s">%s</h%d>'):format(#marks, id, inline(text, state.links), #marks)
  return true
end

rules[2] = function(lines, out) -- fenced code
  local fence, language = lines:peek():match("^(```+)%s*(%S*)")
  if not fence then return end
  lines:next()
  local code = {}
  while lines:peek() and lines:peek():sub(1, #fence) ~= fence do code[#code + 1] = escape(lines:next()) end
  lines:next()
  local class = language ~= "" and ' class="language-' .. escape(language) .. '"' or ""
  out[#out + 1] = "<pre><code" .. class .. ">" .. table.concat(code, "\n") .. "\n</code></pre>"
  return true
end

rules[3] = function(lines, out) -- indented code
  if not lines:peek():find("^    ") then return end
  local code = {}
  while lines:peek() and (lines:peek():find("^    ") or is_blank(lines:peek())) do
    code[#code + 1] = escape(lines:next():sub(5))
  end
  while code[#code] == "" do code[#code] = nil end
  out[#out + 1] = "<pre><code>" .. table.concat(code, "\n") .. "\n</code></pre>"
  return true
end

rules[4] = function(lines, out) -- rules
  local line = lines:peek():gsub("%s", "")
  if not (#line >= 3 and (line:find("^%-+$") or line:find("^%*+$") or line:find("^_+$"))) then return end
  lines:next()
  out[#out + 1] = "<hr>"
  return true
end

rules[5] = function(lines, out, state) -- quotes
  if not lines:peek():find("^>") then return end
  local inner = {}
  while lines:peek() and lines:peek():find("^>") do inner[#inner + 1] = lines:next():gsub("^> ?", "") end
  out[#out + 1] = "<blockquote>"
  blocks(Lines.new(table.concat(inner, "\n")), out, state)
  out[#out + 1] = "</blockquote>"
  return true
end

rules[6] = function(lines, out, state) -- lists
  local indent, kind, _, _, first = bullet(lines:peek())
  if not indent then return end
  out[#out + 1] = first and first ~= 1 and ('<%s start="%d">'):format(kind, first) or "<" .. kind .. ">"
  while lines:peek() do
    local at, other, text, body = bullet(lines:peek())
    if at ~= indent or other ~= kind then break end
    lines:next()
    local inner, loose = { text }, false
    while lines:peek() do
      local line = lines:peek()
      if is_blank(line) then
        local after = lines:peek(1)
        if not (after and after:find("^" .. (" "):rep(body))) then break end
        loose = true
        inner[#inner + 1] = lines:next()
      elseif line:find("^" .. (" "):rep(body)) then
        inner[#inner + 1] = lines:next():sub(body + 1)
      else
        break
      end
    end
    local check = inner[1]:match("^%[([ xX])%] ")
    if check then inner[1] = inner[1]:sub(5) end
    local part = {}
    blocks(Lines.new(table.concat(inner, "\n")), part, state)
    if not loose then part[1] = part[1]:gsub("^<p>(.*)</p>$", "%1") end
    local box = check and ('<input type="checkbox"%s> '):format(check == " " and "" or " checked") or ""
    out[#out + 1] = "<li>" .. box .. table.concat(part, "\n") .. "</li>"
    if lines:peek() and is_blank(lines:peek()) and lines:peek(1) and bullet(lines:peek(1)) == indent then lines:next() end
  end
  out[#out + 1] = "</" .. kind .. ">"
  return true
end

rules[7] = function(lines, out, state) -- tables
  local rule = lines:peek(1)
  if not (lines:peek():find("|", 1, true) and rule and rule:find("^[|:%- ]+$") and rule:find("-", 1, true)) then return end
  local function cells(line)
    local row = {}
    for cell in (line:match("^|?(.-)|?%s*$") .. "|"):gmatch("%s*(.-)%s*|") do row[#row + 1] = cell end
    return row
  end
  local heads, aligns = cells(lines:next()), {}
  for i, mark in ipairs(cells(lines:next())) do
    local left, right = mark:find("^:"), mark:find(":$")
    aligns[i] = left and right and "center" or right and "right" or left and "left" or false
  end
  local function row(tag, line)
    local text = {}
    for i = 1, #heads do
      local style = aligns[i] and (' align="%s"'):format(aligns[i]) or ""
      text[i] = ("<%s%s>%s</%s>"):format(tag, style, inline(line[i] or "", state.links), tag)
    end
    out[#out + 1] = "<tr>" .. table.concat(text) .. "</tr>"
  end
  out[#out + 1] = "<table>"
  row("th", heads)
  while lines:peek() and lines:peek():find("|", 1, true) do row("td", cells(lines:next())) end
  out[#out + 1] = "</table>"
  return true
end

local function paragraph(lines, out, state)
  local text = {}
  repeat
    text[#text + 1] = lines:next():gsub("^%s+", "")
    local line = lines:peek()
    if line and #text > 0 and (line:find("^=+%s*$") or line:find("^%-+%s*$")) then
      lines:next()
      local tag = line:find("^=") and "h1" or "h2"
      out[#out + 1] = ("<%s>%s</%s>"):format(tag, inline(table.concat(text, "\n"), state.links), tag)
      return
    end
  until not line or is_blank(line) or line:find("^#+%s") or line:find("^>") or line:find("^```") or bullet(line)
  out[#out + 1] = "<p>" .. inline(table.concat(text, "\n"), state.links) .. "</p>"
end

function blocks(lines, out, state)
  while lines:peek() do
    if is_blank(lines:peek()) then
      lines:next()
      goto continue
    end
    for _, rule in ipairs(rules) do
      if rule(lines, out, state) then goto continue end
    end
    paragraph(lines, out, state)
    ::continue::
  end
end

local function convert(text)
  local state = { links = {}, ids = {}, contents = {} }
  text = text:gsub("%f[^\n\0]%[([^%]\n]+)%]: *(%S+)\n", function(name, url)
    state.links[name:lower()] = url
    return ""
  end)
  local out = {}
  blocks(Lines.new(text), out, state)
  return table.concat(out, "\n"), state.contents
end

---------------------------------------------------------------------------------------------------

local page, contents = convert [==[
# A *small* page

Some text with **bold**, _under_ and *star* emphasis, `code <b>` and ~~old~~ words.
A snake_case_name stays, 2 * 3 * 4 as well; \*escaped\* too.  
A hard break, an [inline link](http://a.b/?x=1&y=2) and [one with a title](/t "the \"title\"").

A second paragraph [by name][ref], [Ref][] and [unknown][nope]; ![picture](pic.png) <http://auto.link>

## Lists

- one
- two **strong**
  - nested
  - more
    with a second line
- three

1. first

   with a paragraph
2. second
7. seventh

5) starts at five
- [ ] open
- [x] done

## Lists

> quoted text
> > twice
> - in a quote

```lua
local x = a < b and "c" or 'd'
-- **not bold**
```

    indented & code

    more

***

| Left | Right | Both | None |
|:-----|------:|:----:|------|
| a | 1 | `x` | **y** |
| b | 22 |
| c | 3 | & | <z> | surplus |

Setext one
==========
Setext two
---
Text right before
# a heading
- and a list

[ref]: http://example.org/ref
]==]
print(page)
for _, entry in ipairs(contents) do print(("  "):rep(entry.level) .. entry.text .. " #" .. entry.id) end

for _, small in ipairs {
  "", "\n\n", "plain", "a\nb\n\nc", "#not a heading", "####### seven", "* a\n* b", "**unclosed", "`` a ` b ``",
  "[a](b)[c](d)", "__x__ and _y_", "1. a\n2. b\n\npara", "> a\nb", "```\nunclosed", "a **b *c* d** e", "\\\\ \\` \\[x\\](y)",
} do
  print(("%q"):format(small), (convert(small):gsub("\n", "|")))
end

local long = {}
for i = 1, 200 do long[i] = ("## Part %d\n\nText *%d* with `code%d`.\n\n- a%d\n- b\n"):format(i % 10, i, i, i) end
local html, parts = convert(table.concat(long, "\n"))
print(#html, #parts, parts[200].id, html:sub(-80))
