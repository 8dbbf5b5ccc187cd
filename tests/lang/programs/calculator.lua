-- An expression language: tokens, a Pratt parser, evaluation, printing, simplification, derivatives.

local Token = {}

local function tokenize(source)
  local tokens, at = {}, 1
  local rules = {
    { "number", "^%d+%.?%d*[eE][+-]?%d+" }, { "number", "^%d+%.?%d*" }, { "number", "^%.%d+" },
    { "name", "^[%a_][%w_]*" }, { "op", "^[<>=!]=" }, { "op", "^&&" }, { "op", "^||" },
    { "op", "^[-+*/%%^()<>,?:=!;]" },
  }
  while true do
    at = source:find("%S", at)
    if not at then break end
    if source:sub(at, at) == "#" then
      at = source:find("\n", at, true) or #source + 1
    else
      local matched
      for _, rule in ipairs(rules) do
        local text = source:match(rule[2], at)
        if text then
          tokens[#tokens + 1] = { kind = rule[1], text = text, at = at }
          at = at + #text
          matched = true
          break
        end
      end
      if not matched then
        error({ at = at, message = "unexpected character '" .. source:sub(at, at) .. "'" })
      end
    end
  end
  tokens[#tokens + 1] = { kind = "end", text = "<end>", at = #source + 1 }
  return tokens
end

-- Nodes are tables with a kind and children; a metatable gives them operators for building.
local Node = {}
Node.__index = Node

local function wrap(v)
  if getmetatable(v) == Node then return v end
  if type(v) == "number" then return setmetatable({ kind = "number", value = v }, Node) end
  if type(v) == "string" then return setmetatable({ kind = "name", name = v }, Node) end
  error("not an expression: " .. tostring(v), 2)
end

local function binary(op, l, r) return setmetatable({ kind = "binary", op = op, wrap(l), wrap(r) }, Node) end
local function unary(op, x) return setmetatable({ kind = "unary", op = op, wrap(x) }, Node) end
local function call(name, ...)
  local node = setmetatable({ kind = "call", name = name, ... }, Node)
  for i, v in ipairs(node) do node[i] = wrap(v) end
  return node
end

Node.__add = function(a, b) return binary("+", a, b) end
Node.__sub = function(a, b) return binary("-", a, b) end
Node.__mul = function(a, b) return binary("*", a, b) end
Node.__div = function(a, b) return binary("/", a, b) end
Node.__mod = function(a, b) return binary("%", a, b) end
Node.__pow = function(a, b) return binary("^", a, b) end
Node.__unm = function(a) return unary("-", a) end

-- Parsing ------------------------------------------------------------------------------------------

local binding = {
  [";"] = { 1, 2 }, ["="] = { 4, 3 }, ["?"] = { 6, 5 }, ["||"] = { 7, 8 }, ["&&"] = { 9, 10 },
  ["=="] = { 11, 12 }, ["!="] = { 11, 12 }, ["<"] = { 13, 14 }, [">"] = { 13, 14 }, ["<="] = { 13, 14 },
  [">="] = { 13, 14 }, ["+"] = { 15, 16 }, ["-"] = { 15, 16 }, ["*"] = { 17, 18 }, ["/"] = { 17, 18 },
  ["%"] = { 17, 18 }, ["^"] = { 22, 21 },
}

local function parse(source)
  local tokens, at = tokenize(source), 1
  local expression

  local function peek() return tokens[at] end
  local function take(text)
    local token = tokens[at]
    if text and token.text ~= text then
      error({ at = token.at, message = ("'%s' expected near '%s'"):format(text, token.text) })
    end
    at = at + 1
    return token
  end

  local function primary()
    local token = take()
    if token.kind == "number" then return wrap(tonumber(token.text)) end
    if token.kind == "name" then
      if peek().text ~= "(" then return wrap(token.text) end
      take "("
      local arguments = {}
      if peek().text ~= ")" then
        repeat
          arguments[#arguments + 1] = expression(3)
          local more = peek().text == ","
          if more then take() end
        until not more
      end
      take ")"
      return call(token.text, table.unpack(arguments))
    end
    if token.text == "(" then
      local inner = expression(0)
      take ")"
      return inner
    end
    if token.text == "-" or token.text == "!" then return unary(token.text, expression(19)) end
    error({ at = token.at, message = "unexpected " .. (token.kind == "end" and "end" or "'" .. token.text .. "'") })
  end

  function expression(minimum)
    local left = primary()
    while true do
      local op = peek().text
      local powers = binding[op]
      if peek().kind ~= "op" or not powers or powers[1] < minimum then return left end
      local position = take().at
      if op == "?" then
        local yes = expression(0)
        take ":"
        left = setmetatable({ kind = "choice", left, yes, expression(powers[2]) }, Node)
      elseif op == "=" then
        if left.kind ~= "name" then error({ at = position, message = "cannot assign to that" }) end
        left = setmetatable({ kind = "assign", name = left.name, expression(powers[2]) }, Node)
      elseif op == ";" and peek().kind == "end" then
        return left
      else
        left = binary(op, left, expression(powers[2]))
      end
    end
  end

  local tree = expression(0)
  if peek().kind ~= "end" then
    error({ at = peek().at, message = "unexpected '" .. peek().text .. "'" })
  end
  return tree
end

-- Evaluation ---------------------------------------------------------------------------------------

local truth = function(v) return v ~= 0 end
local number = function(b) return b and 1 or 0 end
local operators = {
  ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end,
  ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a / b end,
  ["%"] = function(a, b) return a % b end, ["^"] = function(a, b) return a ^ b end,
  ["=="] = function(a, b) return number(a == b) end, ["!="] = function(a, b) return number(a ~= b) end,
  ["<"] = function(a, b) return number(a < b) end, [">"] = function(a, b) return number(a > b) end,
  ["<="] = function(a, b) return number(a <= b) end, [">="] = function(a, b) return number(a >= b) end,
  [";"] = function(_, b) return b end,
}
local functions = {
  sqrt = math.sqrt, sin = math.sin, cos = math.cos, exp = math.exp, ln = math.log, abs = math.abs,
  max = math.max, min = math.min, floor = math.floor,
  sum = function(...)
    local total = 0
    for _, v in ipairs { ... } do total = total + v end
    return total
  end,
  count = function(...) return select("#", ...) end,
}

local evaluate
local rules = {
  number = function(node) return node.value end,
  name = function(node, scope)
    local v = scope[node.name]
    if v == nil then error("undefined name " .. node.name, 0) end
    return v
  end,
  unary = function(node, scope)
    local v = evaluate(node[1], scope)
    if node.op == "-" then return -v end
    return number(not truth(v))
  end,
  binary = function(node, scope)
    local op, left = node.op, evaluate(node[1], scope)
    if op == "&&" then return truth(left) and evaluate(node[2], scope) or left end
    if op == "||" then return truth(left) and left or evaluate(node[2], scope) end
    return operators[op](left, evaluate(node[2], scope))
  end,
  choice = function(node, scope)
    return evaluate(truth(evaluate(node[1], scope)) and node[2] or node[3], scope)
  end,
  assign = function(node, scope)
    local v = evaluate(node[1], scope)
    scope[node.name] = v
    return v
  end,
  call = function(node, scope)
    local f = functions[node.name] or error("no function " .. node.name, 0)
    local values = {}
    for i = 1, #node do values[i] = evaluate(node[i], scope) end
    return f(table.unpack(values))
  end,
}
function evaluate(node, scope) return rules[node.kind](node, scope) end

-- Printing with the fewest brackets -----------------------------------------------------------------

local function show(node, minimum)
  minimum = minimum or 0
  local kind = node.kind
  if kind == "number" then return ("%g"):format(node.value) end
  if kind == "name" then return node.name end
  if kind == "call" then
    local parts = {}
    for i, argument in ipairs(node) do parts[i] = show(argument, 3) end
    return node.name .. "(" .. table.concat(parts, ", ") .. ")"
  end
  local text, power
  if kind == "unary" then
    text, power = node.op .. show(node[1], 19), 19
  elseif kind == "choice" then
    text = show(node[1], 7) .. " ? " .. show(node[2]) .. " : " .. show(node[3], 5)
    power = 6
  elseif kind == "assign" then
    text, power = node.name .. " = " .. show(node[1], 3), 4
  else
    local powers = binding[node.op]
    local space = node.op == "^" and "" or " "
    text = show(node[1], powers[1]) .. space .. node.op .. space .. show(node[2], powers[2])
    power = powers[1] < powers[2] and powers[1] or powers[2]
  end
  return power < minimum and "(" .. text .. ")" or text
end
Node.__tostring = function(node) return show(node) end

-- Simplification and derivatives ---------------------------------------------------------------------

local function is(node, value) return node.kind == "number" and node.value == value end

local function simplify(node)
  if #node == 0 then return node end
  local copy = setmetatable({ kind = node.kind, op = node.op, name = node.name }, Node)
  local constant = node.kind ~= "assign"
  for i = 1, #node do
    copy[i] = simplify(node[i])
    constant = constant and copy[i].kind == "number"
  end
  if constant and (node.kind ~= "call" or functions[node.name]) then return wrap(evaluate(copy, {})) end
  if copy.kind ~= "binary" then return copy end
  local op, l, r = copy.op, copy[1], copy[2]
  if op == "+" then
    if is(l, 0) then return r elseif is(r, 0) then return l end
  elseif op == "-" then
    if is(r, 0) then return l elseif is(l, 0) then return -r end
  elseif op == "*" then
    if is(l, 0) or is(r, 0) then return wrap(0) elseif is(l, 1) then return r elseif is(r, 1) then return l end
    if r.kind == "number" then return simplify(r * l) end
    if l.kind == "number" and r.kind == "binary" and r.op == "*" and r[1].kind == "number" then
      return simplify(wrap(l.value * r[1].value) * r[2])
    end
  elseif op == "/" then
    if is(l, 0) then return wrap(0) elseif is(r, 1) then return l end
  elseif op == "^" then
    if is(r, 0) then return wrap(1) elseif is(r, 1) then return l end
  end
  return copy
end

local function derive(node, x)
  local kind, l, r = node.kind, node[1], node[2]
  if kind == "number" then return wrap(0) end
  if kind == "name" then return wrap(node.name == x and 1 or 0) end
  if kind == "unary" and node.op == "-" then return -derive(l, x) end
  if kind == "binary" then
    local op = node.op
    if op == "+" or op == "-" then return binary(op, derive(l, x), derive(r, x)) end
    if op == "*" then return derive(l, x) * r + l * derive(r, x) end
    if op == "/" then return (derive(l, x) * r - l * derive(r, x)) / r ^ 2 end
    if op == "^" and r.kind == "number" then return r * l ^ (r.value - 1) * derive(l, x) end
  end
  if kind == "call" then
    local inner = derive(l, x)
    if node.name == "sin" then return call("cos", l) * inner end
    if node.name == "cos" then return -call("sin", l) * inner end
    if node.name == "exp" then return node * inner end
    if node.name == "ln" then return inner / l end
    if node.name == "sqrt" then return inner / (2 * node) end
  end
  error("cannot derive " .. show(node), 0)
end

-- Trials ----------------------------------------------------------------------------------------------

local scope = { pi = 3.25, x = 4, y = 10 }
local function trial(source)
  local ok, tree = pcall(parse, source)
  if not ok then
    if type(tree) ~= "table" then error(tree) end
    return print(("%-34s error at %d: %s"):format(source, tree.at, tree.message))
  end
  local fine, value = pcall(evaluate, tree, scope)
  print(("%-34s %-34s %s"):format(source, tostring(tree), fine and ("%.10g"):format(value) or "error: " .. value))
end

for line in ([[
1 + 2 * 3
(1 + 2) * 3
2 ^ 3 ^ 2
(2 ^ 3) ^ 2
-2 ^ 2
(-2) ^ 2
1 - 2 - 3
1 - (2 - 3)
8 / 4 / 2
8 / (4 / 2)
10 % 4 + .5e1
x < y && y < 20
x > y || y == 10
!x + !0
x > 5 ? 1 : y > 5 ? 2 : 3
(x > 5 ? 1 : 2) + 1
a = b = x + 1; a * b
a; b = a / 2;
sqrt(x) + max(1, y, 3) * min(4, 2)
sum(1, 2, 3, x, y)
count() + count(1, 2)
sin(0) + cos(0) # a comment
unknown + 1
nothing(1)
1 / 0
(1 + 2
1 + * 2
1 2
3 = 4
x @ y
f(1,
)
1 ? 2
]]):gmatch("[^\n]+") do trial(line) end

for _, source in ipairs {
  "x", "5", "x^3", "3*x^2 + 2*x + 1", "x * sin(x)", "sin(x)/x", "exp(2*x)", "ln(x^2 + 1)", "sqrt(x)", "-(x+1)*(x-1)",
  "a*x^2 + b*x + c", "cos(sin(x))", "max(x, 1)",
} do
  local tree = parse(source)
  local ok, d = pcall(derive, tree, "x")
  if not ok then
    print("d", tree, d)
  else
    local simple = simplify(d)
    print("d", tree, simple)
    local at = { x = 1.5, a = 2, b = -3, c = 0.5 }
    local h = 1e-6
    local slope = (evaluate(tree, { x = 1.5 + h, a = 2, b = -3, c = 0.5 }) - evaluate(tree, { x = 1.5 - h, a = 2, b = -3, c = 0.5 })) / (2 * h)
    print(("  %.5f %.5f %s"):format(evaluate(simple, at), evaluate(d, at), math.abs(slope - evaluate(simple, at)) < 1e-4))
  end
end
print(simplify(parse "2 * 3 + x * 0 + 1 * y - 0"), simplify(parse "0 + x ^ 1 / 1"), simplify(parse "2 * (3 * x)"))
