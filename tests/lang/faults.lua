-- errors, positions, pcall, xpcall, error values
local function msg(f, ...) local ok, e = pcall(f, ...) assert(not ok) return e end

local function main()
  local t, n, f = {}, nil, 5
  assert(msg(function() return n.x end) == "faults.lua:6: attempt to index a nil value (upvalue 'n')")
  assert(msg(function() local u; return u.x end) == "faults.lua:7: attempt to index a nil value (local 'u')")
  assert(msg(function() return t.a.b end) == "faults.lua:8: attempt to index a nil value (field 'a')")
  assert(msg(function() t.a.b = 1 end) == "faults.lua:9: attempt to index a nil value (field 'a')")
  assert(msg(function() f() end) == "faults.lua:10: attempt to call a number value (upvalue 'f')")
  assert(msg(function() t.nope() end) == "faults.lua:11: attempt to call a nil value (field 'nope')")
  assert(msg(function() t:nope() end) == "faults.lua:12: attempt to call a nil value (method 'nope')")
  assert(msg(function() undefined_function() end) == "faults.lua:13: attempt to call a nil value (global 'undefined_function')")
  assert(msg(function() return t + 1 end) == "faults.lua:14: attempt to perform arithmetic on a table value (upvalue 't')")
  assert(msg(function() return 1 + n end) == "faults.lua:15: attempt to perform arithmetic on a nil value (upvalue 'n')")
  assert(msg(function() return "a" .. {} end) == "faults.lua:16: attempt to concatenate a table value")
  assert(msg(function() return t.x .. "a" end) == "faults.lua:17: attempt to concatenate a nil value (field 'x')")
  assert(msg(function() return 1 < "2" end) == "faults.lua:18: attempt to compare number with string")
  assert(msg(function() return {} < {} end) == "faults.lua:19: attempt to compare two table values")
  assert(msg(function() return #n end) == "faults.lua:20: attempt to get length of a nil value (upvalue 'n')")
  assert(msg(function() return -t end) == "faults.lua:21: attempt to perform arithmetic on a table value (upvalue 't')")
  assert(msg(function() return 1 // 0 end) == "faults.lua:22: attempt to divide by zero")
  assert(msg(function() return 1 % 0 end) == "faults.lua:23: attempt to perform 'n%0'")
  assert(msg(function() return 1.5 | 1 end) == "faults.lua:24: number has no integer representation")
  assert(msg(function() return "x" | 1 end) == "faults.lua:25: attempt to perform bitwise operation on a string value")
  assert(msg(function() t[nil] = 1 end) == "faults.lua:26: table index is nil")
  assert(msg(function() t[0 / 0] = 1 end) == "faults.lua:27: table index is NaN")
  assert(msg(function() for i = 1, {} do end end) == "faults.lua:28: 'for' limit must be a number")
  assert(msg(function() for i = "x", 1 do end end) == "faults.lua:29: 'for' initial value must be a number")
  assert(msg(function() for i = 1, 2, {} do end end) == "faults.lua:30: 'for' step must be a number")
  assert(msg(function() for k in 5 do end end) == "faults.lua:31: attempt to call a number value")
  assert(msg(function() error("m") end) == "faults.lua:32: m")
  assert(msg(function() error("m", 0) end) == "m")
  local function thrower() error("deep", 2) end
  assert(msg(function() thrower() end) == "faults.lua:35: deep")
  assert(msg(error, { 1 })[1] == 1 and msg(error, nil) == nil and msg(error, 42) == 42)
  assert(msg(function() assert(false) end) == "faults.lua:37: assertion failed!" or msg(function() assert(false) end) == "assertion failed!")
  assert(msg(function() assert(nil, "why") end):find("why", 1, true))
  assert(msg(function() string.rep() end) == "faults.lua:39: bad argument #1 to 'rep' (string expected, got no value)")
  assert(msg(function() ("x"):rep({}) end) == "faults.lua:40: bad argument #1 to 'rep' (number expected, got table)")
  assert(msg(function() table.insert(nil, 1) end) == "faults.lua:41: bad argument #1 to 'insert' (table expected, got nil)")
  assert(msg(function() setmetatable(1, {}) end) == "faults.lua:42: bad argument #1 to 'setmetatable' (table expected, got number)")
  assert(msg(function() ipairs() end) == "faults.lua:43: bad argument #1 to 'ipairs' (value expected)")
  assert(msg(function() local up = string.upper; up() end) == "faults.lua:44: bad argument #1 to 'up' (string expected, got no value)")
  local ok, e, extra = xpcall(function() error({ code = 7 }) end, function(e) return e.code, "dropped" end)
  assert(ok == false and e == 7 and extra == nil)
  local ok2, a, b = xpcall(function(...) return ... end, print, 1, 2)
  assert(ok2 and a == 1 and b == 2)
  local trace = {}
  local function level3() trace[#trace + 1] = "in"; error("boom") end
  local ok3, e3 = pcall(function() local ok, e = pcall(level3); trace[#trace + 1] = e; error(e, 0) end)
  assert(not ok3 and e3 == "faults.lua:50: boom" and #trace == 2)
  assert(select("#", pcall(function() end)) == 1)
  assert(msg(function() local a; a.b.c = 1 end):find("local 'a'", 1, true))
  -- A name ends at its first NUL, and hides no other.
  local nul = { ["a\0b"] = 1 }
  assert(msg(function() return nul["a\0b"] + nul.c end):find("(field 'c')", 1, true))
  assert(msg(function() return nul.c + nul["x\0y"] end):find("(field 'c')", 1, true))
  assert(msg(function() nul["x\0y"]() end):find("(field 'x')", 1, true))
  local calls = 0
  local function recurse() calls = calls + 1; return 1 + recurse() end
  local e4 = msg(recurse)
  assert(e4:find("stack overflow", 1, true) and calls > 1000)
  assert(tostring(nil) == "nil" and tostring(true) == "true")
  assert(pcall(pcall) == false)
  return 0
end
main()
print("ok")
