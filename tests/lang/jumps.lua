-- goto, labels and break in every shape (language: statements)
local function continue_in_for()
  local seen = {}
  for i = 1, 6 do
    if i % 2 == 0 then goto continue end
    seen[#seen + 1] = i
    ::continue::
  end
  return table.concat(seen, ",")
end

local function backward()
  local n, out = 0, {}
  ::again::
  n = n + 1
  local square = n * n
  out[#out + 1] = square
  if n < 4 then goto again end
  return table.concat(out, " ")
end

local function nested_exit()
  for i = 1, 10 do
    for j = 1, 10 do
      if i * j == 42 then goto found end
    end
  end
  do return "none" end
  ::found::
  return "found"
end

local function into_loop_backwards()
  local trace = {}
  local state = "start"
  goto test
  ::work::
  trace[#trace + 1] = state
  state = state == "start" and "middle" or "end"
  ::test::
  if state ~= "end" then goto work end
  return table.concat(trace, ">")
end

local function fresh_locals_each_time()
  local fs = {}
  local i = 1
  ::top::
  local x = i * 10
  fs[i] = function() x = x + 1; return x end
  i = i + 1
  if i <= 3 then goto top end
  return fs[1]() + fs[1]() + fs[2]() + fs[3]()
end

local function repeat_with_continue()
  local i, odd = 0, 0
  repeat
    i = i + 1
    if i % 2 == 0 then goto continue end
    odd = odd + i
    ::continue::
  until i >= 9
  return odd
end

local function while_break_in_block()
  local i = 0
  while true do
    i = i + 1
    do
      if i > 5 then break end
    end
    if i == 3 then goto out end
  end
  ::out::
  return i
end

local function same_label_in_siblings()
  local s = ""
  do goto l; s = s .. "x" ::l:: s = s .. "a" end
  do goto l; s = s .. "y" ::l:: s = s .. "b" end
  return s
end

local function two_forward(n)
  local r = ""
  if n == 1 then goto one end
  if n == 2 then goto two end
  r = r .. "0"
  ::one:: r = r .. "1"
  ::two:: r = r .. "2"
  return r
end

local function crossing(n)
  -- a backward jump into the middle of a forward one
  local out = {}
  goto check
  ::loop::
  out[#out + 1] = n
  n = n - 1
  ::check::
  if n > 0 then goto loop end
  return #out
end

local function goto_inside_closure()
  local f = function(x)
    if x then goto yes end
    do return "no" end
    ::yes::
    return "yes"
  end
  return f(true) .. f(false)
end

local function break_from_nested_while()
  local count = 0
  for i = 1, 3 do
    while true do
      count = count + 1
      if count % 3 == 0 then break end
    end
  end
  return count
end

local function main()
  assert(continue_in_for() == "1,3,5")
  assert(backward() == "1 4 9 16")
  assert(nested_exit() == "found")
  assert(into_loop_backwards() == "start>middle")
  assert(fresh_locals_each_time() == 11 + 12 + 21 + 31)
  assert(repeat_with_continue() == 25)
  assert(while_break_in_block() == 3)
  assert(same_label_in_siblings() == "ab")
  assert(two_forward(1) == "12" and two_forward(2) == "2" and two_forward(3) == "012")
  assert(crossing(5) == 5)
  assert(goto_inside_closure() == "yesno")
  assert(break_from_nested_while() == 9)
  return 0
end
main()
print("ok")
