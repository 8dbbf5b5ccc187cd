-- One of many modules like it: what business code is made of. NUMBER makes the names differ.
local Account = {}
Account.__index = Account

local LIMIT = 1000 + NUMBER
local kinds = { "deposit", "withdrawal", "transfer", "fee" }

local function check_amount(amount, what)
  if type(amount) ~= "number" then
    error(what .. ": number expected, got " .. type(amount), 2)
  end
  if amount <= 0 or amount > LIMIT then
    return nil, string.format("%s of %.2f is out of range", what, amount)
  end
  return amount
end

function Account.new(owner, balance)
  local self = setmetatable({}, Account)
  self.owner = owner or "nobody"
  self.balance = balance or 0
  self.entries = {}
  self.tags = { created = true, number = NUMBER }
  return self
end

function Account:record(kind, amount, note)
  local entry = { kind = kind, amount = amount, note = note or "", index = #self.entries + 1 }
  self.entries[#self.entries + 1] = entry
  return entry
end

function Account:deposit(amount, note)
  local ok, problem = check_amount(amount, "deposit")
  if not ok then
    return nil, problem
  end
  self.balance = self.balance + amount
  return self:record(kinds[1], amount, note)
end

function Account:withdraw(amount, note)
  local ok, problem = check_amount(amount, "withdrawal")
  if not ok then
    return nil, problem
  elseif amount > self.balance then
    return nil, "not enough on the account of " .. self.owner
  end
  self.balance = self.balance - amount
  return self:record(kinds[2], amount, note)
end

function Account:transfer(other, amount)
  local entry, problem = self:withdraw(amount, "to " .. other.owner)
  if not entry then
    return false, problem
  end
  other:deposit(amount, "from " .. self.owner)
  return true
end

function Account:summary()
  local sums, largest = {}, nil
  for _, entry in ipairs(self.entries) do
    sums[entry.kind] = (sums[entry.kind] or 0) + entry.amount
    if largest == nil or entry.amount > largest.amount then
      largest = entry
    end
  end
  local lines = {}
  for kind, sum in pairs(sums) do
    lines[#lines + 1] = ("%-12s %10.2f"):format(kind, sum)
  end
  table.sort(lines)
  return table.concat(lines, "\n"), largest
end

local function parse_command(line)
  local verb, rest = line:match("^(%a+)%s*(.*)$")
  if not verb then
    return nil, "no command in '" .. line .. "'"
  end
  local arguments = {}
  for word in rest:gmatch("%S+") do
    arguments[#arguments + 1] = tonumber(word) or word
  end
  return { verb = verb:lower(), arguments = arguments }
end

local function run_command(account, line)
  local command, problem = parse_command(line)
  if not command then
    return nil, problem
  end
  local actions = {
    deposit = function(amount) return account:deposit(amount) end,
    withdraw = function(amount) return account:withdraw(amount) end,
    show = function() return account:summary() end,
  }
  local action = actions[command.verb]
  if action == nil then
    return nil, "unknown command " .. command.verb
  end
  local ok, result, detail = pcall(action, table.unpack(command.arguments))
  if not ok then
    return nil, "failed: " .. tostring(result)
  end
  return result, detail
end

return { Account = Account, parse_command = parse_command, run_command = run_command }
