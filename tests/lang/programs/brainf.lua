-- Brainfuck three ways: interpreted, compiled to closures with its loops recognised, and translated to
-- instructions of a small stack machine. All must agree.

local function strip(source) return (source:gsub("[^%+%-<>%.,%[%]]", "")) end

local function brackets(code)
  local stack, jump = {}, {}
  for i = 1, #code do
    local c = code:byte(i)
    if c == 0x5B then
      stack[#stack + 1] = i
    elseif c == 0x5D then
      local open = table.remove(stack) or error("']' without '[' at " .. i, 0)
      jump[open], jump[i] = i, open
    end
  end
  if #stack > 0 then error("'[' without ']' at " .. stack[#stack], 0) end
  return jump
end

local function interpret(source, input, limit)
  local code = strip(source)
  local jump = brackets(code)
  local tape, at, pc, steps, read = setmetatable({}, { __index = function() return 0 end }), 0, 1, 0, 0
  local output = {}
  while pc <= #code do
    local op = code:sub(pc, pc)
    if op == ">" then
      at = at + 1
    elseif op == "<" then
      at = at - 1
    elseif op == "+" then
      tape[at] = (tape[at] + 1) & 255
    elseif op == "-" then
      tape[at] = (tape[at] - 1) & 255
    elseif op == "." then
      output[#output + 1] = string.char(tape[at])
    elseif op == "," then
      read = read + 1
      tape[at] = input:byte(read) or 0
    elseif op == "[" then
      if tape[at] == 0 then pc = jump[pc] end
    elseif tape[at] ~= 0 then
      pc = jump[pc]
    end
    pc = pc + 1
    steps = steps + 1
    if steps > limit then return table.concat(output), "stopped" end
  end
  return table.concat(output), steps
end

---------------------------------------------------------------------------------------------------
-- A tree of operations: runs are folded, and loops that clear or move are one operation.

local function parse(code)
  local at = 1
  local function block(depth)
    local ops = {}
    local function push(kind, amount, offset)
      local last = ops[#ops]
      if last and last.kind == kind and (kind == "add" or kind == "move") then
        last.amount = last.amount + amount
        if last.amount == 0 then ops[#ops] = nil end
        return
      end
      ops[#ops + 1] = { kind = kind, amount = amount, offset = offset }
    end
    while at <= #code do
      local op = code:sub(at, at)
      at = at + 1
      if op == "+" then push("add", 1)
      elseif op == "-" then push("add", -1)
      elseif op == ">" then push("move", 1)
      elseif op == "<" then push("move", -1)
      elseif op == "." then push "write"
      elseif op == "," then push "read"
      elseif op == "[" then ops[#ops + 1] = { kind = "loop", body = block(depth + 1) }
      else
        if depth == 0 then error("']' without '[' at " .. at - 1, 0) end
        return ops
      end
    end
    if depth > 0 then error("'[' without ']' at depth " .. depth, 0) end
    return ops
  end
  return block(0)
end

local function optimise(ops, counts)
  for i, op in ipairs(ops) do
    if op.kind == "loop" then
      local body = optimise(op.body, counts)
      local position, changes, simple = 0, {}, true
      for _, inner in ipairs(body) do
        if inner.kind == "move" then
          position = position + inner.amount
        elseif inner.kind == "add" then
          changes[position] = (changes[position] or 0) + inner.amount
        else
          simple = false
        end
      end
      if simple and position == 0 and (changes[0] == -1 or changes[0] == 1 and not next(changes, 0)) then
        local sign = -changes[0]
        changes[0] = nil
        local targets = {}
        for offset, factor in pairs(changes) do targets[#targets + 1] = { offset, factor * sign } end
        table.sort(targets, function(x, y) return x[1] < y[1] end)
        ops[i] = { kind = "spread", targets = targets }
        counts.spread = counts.spread + 1
      elseif #body == 1 and body[1].kind == "move" then
        ops[i] = { kind = "scan", amount = body[1].amount }
        counts.scan = counts.scan + 1
      else
        counts.loop = counts.loop + 1
      end
    end
  end
  return ops
end

-- Closures: each operation is a function that calls the next.
local function compile(ops)
  local function sequence(list, index, after)
    local op = list[index]
    if not op then return after end
    local rest = sequence(list, index + 1, after)
    local amount = op.amount
    if op.kind == "add" then
      return function(m)
        m.tape[m.at] = (m.tape[m.at] or 0) + amount & 255
        return rest(m)
      end
    elseif op.kind == "move" then
      return function(m)
        m.at = m.at + amount
        return rest(m)
      end
    elseif op.kind == "write" then
      return function(m)
        m.output[#m.output + 1] = string.char(m.tape[m.at] or 0)
        return rest(m)
      end
    elseif op.kind == "read" then
      return function(m)
        m.tape[m.at] = m.input() or 0
        return rest(m)
      end
    elseif op.kind == "spread" then
      return function(m)
        local tape, at = m.tape, m.at
        local value = tape[at] or 0
        for _, target in ipairs(op.targets) do
          local cell = at + target[1]
          tape[cell] = (tape[cell] or 0) + value * target[2] & 255
        end
        tape[at] = 0
        return rest(m)
      end
    elseif op.kind == "scan" then
      return function(m)
        while (m.tape[m.at] or 0) ~= 0 do m.at = m.at + amount end
        return rest(m)
      end
    end
    local body = sequence(op.body, 1, function() end)
    return function(m)
      while (m.tape[m.at] or 0) ~= 0 do body(m) end
      return rest(m)
    end
  end
  return sequence(ops, 1, function(m) return m end)
end

local function run_closures(source, input)
  local counts = { spread = 0, scan = 0, loop = 0 }
  local program = compile(optimise(parse(strip(source)), counts))
  local position = 0
  local machine = {
    tape = {}, at = 0, output = {},
    input = function()
      position = position + 1
      return input:byte(position)
    end,
  }
  program(machine)
  return table.concat(machine.output), counts
end

-- Instructions: arrays of numbers, dispatched by a table of functions.
local ADD, MOVE, OUT, IN, JZ, JNZ = 1, 2, 3, 4, 5, 6
local mnemonics = { "ADD", "MOVE", "OUT", "IN", "JZ", "JNZ" }

local function assemble(ops, code)
  for _, op in ipairs(ops) do
    if op.kind == "add" then code[#code + 1], code[#code + 2] = ADD, op.amount
    elseif op.kind == "move" then code[#code + 1], code[#code + 2] = MOVE, op.amount
    elseif op.kind == "write" then code[#code + 1], code[#code + 2] = OUT, 0
    elseif op.kind == "read" then code[#code + 1], code[#code + 2] = IN, 0
    else
      local start = #code + 1
      code[start], code[start + 1] = JZ, 0
      assemble(op.body, code)
      code[#code + 1], code[#code + 2] = JNZ, start
      code[start + 1] = #code + 1
    end
  end
  return code
end

local function execute(code, input)
  local tape, at, pc, out = {}, 0, 1, {}
  local reader = input:gmatch(".")
  local actions = {
    [ADD] = function(n) tape[at] = ((tape[at] or 0) + n) % 256 end,
    [MOVE] = function(n) at = at + n end,
    [OUT] = function() out[#out + 1] = string.char(tape[at] or 0) end,
    [IN] = function() tape[at] = (reader() or "\0"):byte() end,
    [JZ] = function(target) if (tape[at] or 0) == 0 then pc = target end end,
    [JNZ] = function(target) if (tape[at] or 0) ~= 0 then pc = target end end,
  }
  while code[pc] do
    local op, argument = code[pc], code[pc + 1]
    pc = pc + 2
    actions[op](argument)
  end
  return table.concat(out)
end

-- Trials --------------------------------------------------------------------------------------------------

local programs = {
  { "hello", "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++." },
  { "cat", ",[.,]", "some text" },
  { "reverse", ">,[>,]<[.<]", "stressed" },
  { "upper", ",[>++++++++[<---->-]<.,]", "lower case" },
  { "squares", [==[
    ++++[>+++++<-]>[<+++++>-]+<+[>[>+>+<<-]++>>[<<+>>-]>>>[-]++>[-]+>>>+[[-]++++++>>>]<<<[[<++++++++<++>>-]+<.<[>----<-]<]
    <<[>>>>>[>>>[-]+++++++++<[>-<-]+++++++++>[-[<->-]+[<<<]]<[>+<-]>]<<-]<<-]
  ]==] },
  { "triangle", [==[
    >++++[<++++++++>-]>++++++++[>++++<-]>>++>>>+>>>+<<<<<<<<<<[-[->>+<<]>>[-<<+>>]<<]>>>>[-]
    <<<<++++++++++[>+>+<<-]>.
  ]==] },
  { "numbers", "++++++++[>++++++<-]>>++++++++++<[->>+>+<<<]>>>[-<<<+>>>]<<<+++++++++[>.+<-]" },
  { "letters", "++++++++[>++++++++<-]>+>+++++++++++++++++++++++++<[>[<.+>-]]" },
  { "wrap", "-.+.-" },
  { "scan", "+>+>+>+>>+<<[<]>[>]<.+++++++++++++[>+++++<-]>." },
  { "nested", "+++[>+++[>+++[>+++<-]<-]<-]>>>[>+++++<-]>......" },
  { "empty", "" },
}
for _, entry in ipairs(programs) do
  local name, source, input = entry[1], entry[2], entry[3] or ""
  local plain, steps = interpret(source, input, 300000)
  local shown = plain:gsub("[^%g ]", function(c) return ("\\%d"):format(c:byte()) end)
  if steps == "stopped" then
    print(name, "stopped", #plain, shown:sub(1, 60))
  else
    local closures, counts = run_closures(source, input)
    local code = assemble(parse(strip(source)), {})
    print(name, steps, #code // 2, ("%d/%d/%d"):format(counts.spread, counts.scan, counts.loop), closures == plain, execute(code, input) == plain, #plain)
    print("  " .. shown:sub(1, 100))
  end
end

local listing = assemble(parse(strip "++[->+<]>."), {})
for i = 1, #listing, 2 do print(("%3d %-5s %d"):format(i, mnemonics[listing[i]], listing[i + 1])) end
for _, bad in ipairs { "[", "]", "[[]", "+]-[" } do
  print(("%q"):format(bad), select(2, pcall(interpret, bad, "", 10)), select(2, pcall(parse, bad)))
end

-- A generator of programs that print a text.
local function printer(text)
  local parts, last = {}, 0
  for byte in text:gmatch(".") do
    local difference = byte:byte() - last
    local root = math.floor(math.sqrt(math.abs(difference)))
    local sign = difference < 0 and "-" or "+"
    if root > 2 then
      parts[#parts + 1] = ">" .. ("+"):rep(root) .. "[<" .. sign:rep(math.abs(difference) // root) .. ">-]<"
      parts[#parts + 1] = sign:rep(math.abs(difference) % root)
    else
      parts[#parts + 1] = sign:rep(math.abs(difference))
    end
    parts[#parts + 1] = "."
    last = byte:byte()
  end
  return table.concat(parts)
end
for _, text in ipairs { "Hello, world!", "brackets [x] and <y>", "\1\255\0" } do
  local source = printer(text)
  local output, steps = interpret(source, "", 100000)
  print(#source, steps, output == text, run_closures(source, "") == text, source:sub(1, 50))
end
