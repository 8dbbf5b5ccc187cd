-- 3.3: functions so long that they are compiled in parts, left from within the parts in every way there is
local calls = 0 local function f(i) calls = calls + 1 return i end local function two(i, n) return n, i end
local plain
function plain(x, log, ...)
  local n, s, shared = 0, '', 0 local function keep(t) shared = shared + 1 t[1] = n end
  local again = plain
  log[#log + 1] = f(0) + #log + n * 2 if x == 0 then return n, #log end n = n + 1 s = s .. 0
  log[#log + 1] = f(1) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 1 then return two(j, n) end n = n + j end
  log[#log + 1] = f(2) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 2 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(3) + #log + n * 2 while n > 0 do if x == 3 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(4) + #log + n * 2 do local value, total = f(4), #log if x == 4 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(5) + #log + n * 2 do local s = s .. 'in' if x == 5 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(6) + #log + n * 2 if x == 6 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(7) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 7 then return odd end until odd == 1
  log[#log + 1] = f(8) + #log + n * 2 if x == 8 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(9) + #log + n * 2 for key, w in pairs({ 9 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(10) + #log + n * 2 if x == 10 then error('at 10') elseif x == -10 then error({ 10 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(11) + #log + n * 2 if x == 11 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(12) + #log + n * 2 if x == 12 then return n, #log end n = n + 1 s = s .. 12
  log[#log + 1] = f(13) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 13 then return two(j, n) end n = n + j end
  log[#log + 1] = f(14) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 14 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(15) + #log + n * 2 while n > 0 do if x == 15 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(16) + #log + n * 2 do local value, total = f(16), #log if x == 16 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(17) + #log + n * 2 do local s = s .. 'in' if x == 17 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(18) + #log + n * 2 if x == 18 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(19) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 19 then return odd end until odd == 1
  log[#log + 1] = f(20) + #log + n * 2 if x == 20 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(21) + #log + n * 2 for key, w in pairs({ 21 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(22) + #log + n * 2 if x == 22 then error('at 22') elseif x == -22 then error({ 22 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(23) + #log + n * 2 if x == 23 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(24) + #log + n * 2 if x == 24 then return n, #log end n = n + 1 s = s .. 24
  log[#log + 1] = f(25) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 25 then return two(j, n) end n = n + j end
  log[#log + 1] = f(26) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 26 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(27) + #log + n * 2 while n > 0 do if x == 27 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(28) + #log + n * 2 do local value, total = f(28), #log if x == 28 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(29) + #log + n * 2 do local s = s .. 'in' if x == 29 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(30) + #log + n * 2 if x == 30 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(31) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 31 then return odd end until odd == 1
  log[#log + 1] = f(32) + #log + n * 2 if x == 32 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(33) + #log + n * 2 for key, w in pairs({ 33 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(34) + #log + n * 2 if x == 34 then error('at 34') elseif x == -34 then error({ 34 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(35) + #log + n * 2 if x == 35 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(36) + #log + n * 2 if x == 36 then return n, #log end n = n + 1 s = s .. 36
  log[#log + 1] = f(37) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 37 then return two(j, n) end n = n + j end
  log[#log + 1] = f(38) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 38 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(39) + #log + n * 2 while n > 0 do if x == 39 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(40) + #log + n * 2 do local value, total = f(40), #log if x == 40 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(41) + #log + n * 2 do local s = s .. 'in' if x == 41 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(42) + #log + n * 2 if x == 42 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(43) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 43 then return odd end until odd == 1
  log[#log + 1] = f(44) + #log + n * 2 if x == 44 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(45) + #log + n * 2 for key, w in pairs({ 45 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(46) + #log + n * 2 if x == 46 then error('at 46') elseif x == -46 then error({ 46 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(47) + #log + n * 2 if x == 47 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(48) + #log + n * 2 if x == 48 then return n, #log end n = n + 1 s = s .. 48
  log[#log + 1] = f(49) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 49 then return two(j, n) end n = n + j end
  log[#log + 1] = f(50) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 50 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(51) + #log + n * 2 while n > 0 do if x == 51 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(52) + #log + n * 2 do local value, total = f(52), #log if x == 52 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(53) + #log + n * 2 do local s = s .. 'in' if x == 53 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(54) + #log + n * 2 if x == 54 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(55) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 55 then return odd end until odd == 1
  log[#log + 1] = f(56) + #log + n * 2 if x == 56 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(57) + #log + n * 2 for key, w in pairs({ 57 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(58) + #log + n * 2 if x == 58 then error('at 58') elseif x == -58 then error({ 58 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(59) + #log + n * 2 if x == 59 then return end do local gone = {} keep(gone) gone = nil end
  for turn = 1, 4 do
    n = n + f(60) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(61) % 7 + #log log[#log + 1] = turn * n if x == 61 then break end shared = shared + 1
    n = n + f(62) % 7 + #log log[#log + 1] = turn * n if x == 62 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(63) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(64) % 7 + #log log[#log + 1] = turn * n if x == 64 then break end shared = shared + 1
    n = n + f(65) % 7 + #log log[#log + 1] = turn * n if x == 65 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(66) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(67) % 7 + #log log[#log + 1] = turn * n if x == 67 then break end shared = shared + 1
    n = n + f(68) % 7 + #log log[#log + 1] = turn * n if x == 68 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(69) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(70) % 7 + #log log[#log + 1] = turn * n if x == 70 then break end shared = shared + 1
    n = n + f(71) % 7 + #log log[#log + 1] = turn * n if x == 71 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(72) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(73) % 7 + #log log[#log + 1] = turn * n if x == 73 then break end shared = shared + 1
    n = n + f(74) % 7 + #log log[#log + 1] = turn * n if x == 74 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(75) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(76) % 7 + #log log[#log + 1] = turn * n if x == 76 then break end shared = shared + 1
    n = n + f(77) % 7 + #log log[#log + 1] = turn * n if x == 77 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(78) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(79) % 7 + #log log[#log + 1] = turn * n if x == 79 then break end shared = shared + 1
    n = n + f(80) % 7 + #log log[#log + 1] = turn * n if x == 80 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(81) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(82) % 7 + #log log[#log + 1] = turn * n if x == 82 then break end shared = shared + 1
    n = n + f(83) % 7 + #log log[#log + 1] = turn * n if x == 83 and turn == 3 then return turn, n end shared = shared + 1
    ::next:: n = n + turn
  end
  if x == 'a' then n = -1
  elseif x == f(90) then log.last = n
  elseif x == f(91) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(92) then return 'chain', 92
  elseif x == f(93) then n = n + 93 s = s .. '93'
  elseif x == f(94) then log.last = n
  elseif x == f(95) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(96) then return 'chain', 96
  elseif x == f(97) then n = n + 97 s = s .. '97'
  elseif x == f(98) then log.last = n
  elseif x == f(99) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(100) then return 'chain', 100
  elseif x == f(101) then n = n + 101 s = s .. '101'
  elseif x == f(102) then log.last = n
  elseif x == f(103) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(104) then return 'chain', 104
  elseif x == f(105) then n = n + 105 s = s .. '105'
  elseif x == f(106) then log.last = n
  elseif x == f(107) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(108) then return 'chain', 108
  elseif x == f(109) then n = n + 109 s = s .. '109'
  elseif x == f(110) then log.last = n
  elseif x == f(111) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(112) then return 'chain', 112
  elseif x == f(113) then n = n + 113 s = s .. '113'
  elseif x == f(114) then log.last = n
  elseif x == f(115) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(116) then return 'chain', 116
  elseif x == f(117) then n = n + 117 s = s .. '117'
  elseif x == f(118) then log.last = n
  elseif x == f(119) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(120) then return 'chain', 120
  elseif x == f(121) then n = n + 121 s = s .. '121'
  elseif x == f(122) then log.last = n
  elseif x == f(123) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(124) then return 'chain', 124
  elseif x == f(125) then n = n + 125 s = s .. '125'
  elseif x == f(126) then log.last = n
  elseif x == f(127) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(128) then return 'chain', 128
  elseif x == f(129) then n = n + 129 s = s .. '129'
  elseif x == f(130) then log.last = n
  elseif x == f(131) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(132) then return 'chain', 132
  elseif x == f(133) then n = n + 133 s = s .. '133'
  elseif x == f(134) then log.last = n
  elseif x == f(135) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(136) then return 'chain', 136
  elseif x == f(137) then n = n + 137 s = s .. '137'
  elseif x == f(138) then log.last = n
  elseif x == f(139) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(140) then return 'chain', 140
  elseif x == f(141) then n = n + 141 s = s .. '141'
  elseif x == f(142) then log.last = n
  elseif x == f(143) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(144) then return 'chain', 144
  elseif x == f(145) then n = n + 145 s = s .. '145'
  elseif x == f(146) then log.last = n
  elseif x == f(147) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(148) then return 'chain', 148
  elseif x == f(149) then n = n + 149 s = s .. '149'
  else n = n + 1 end
  do return n, s, #log end ::done:: return 'done', n, shared
end
local waits
function waits(x, log, ...)
  local n, s, shared = 0, '', 0 local function keep(t) shared = shared + 1 t[1] = n end
  local again = waits
  log[#log + 1] = f(coroutine.yield(0) or 0) + #log + n * 2 if x == 0 then return n, #log end n = n + 1 s = s .. 0
  log[#log + 1] = f(coroutine.yield(1) or 1) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 1 then return two(j, n) end n = n + j end
  log[#log + 1] = f(coroutine.yield(2) or 2) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 2 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(coroutine.yield(3) or 3) + #log + n * 2 while n > 0 do if x == 3 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(coroutine.yield(4) or 4) + #log + n * 2 do local value, total = f(4), #log if x == 4 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(coroutine.yield(5) or 5) + #log + n * 2 do local s = s .. 'in' if x == 5 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(coroutine.yield(6) or 6) + #log + n * 2 if x == 6 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(coroutine.yield(7) or 7) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 7 then return odd end until odd == 1
  log[#log + 1] = f(coroutine.yield(8) or 8) + #log + n * 2 if x == 8 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(coroutine.yield(9) or 9) + #log + n * 2 for key, w in pairs({ 9 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(coroutine.yield(10) or 10) + #log + n * 2 if x == 10 then error('at 10') elseif x == -10 then error({ 10 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(coroutine.yield(11) or 11) + #log + n * 2 if x == 11 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(coroutine.yield(12) or 12) + #log + n * 2 if x == 12 then return n, #log end n = n + 1 s = s .. 12
  log[#log + 1] = f(coroutine.yield(13) or 13) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 13 then return two(j, n) end n = n + j end
  log[#log + 1] = f(coroutine.yield(14) or 14) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 14 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(coroutine.yield(15) or 15) + #log + n * 2 while n > 0 do if x == 15 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(coroutine.yield(16) or 16) + #log + n * 2 do local value, total = f(16), #log if x == 16 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(coroutine.yield(17) or 17) + #log + n * 2 do local s = s .. 'in' if x == 17 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(coroutine.yield(18) or 18) + #log + n * 2 if x == 18 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(coroutine.yield(19) or 19) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 19 then return odd end until odd == 1
  log[#log + 1] = f(coroutine.yield(20) or 20) + #log + n * 2 if x == 20 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(coroutine.yield(21) or 21) + #log + n * 2 for key, w in pairs({ 21 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(coroutine.yield(22) or 22) + #log + n * 2 if x == 22 then error('at 22') elseif x == -22 then error({ 22 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(coroutine.yield(23) or 23) + #log + n * 2 if x == 23 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(coroutine.yield(24) or 24) + #log + n * 2 if x == 24 then return n, #log end n = n + 1 s = s .. 24
  log[#log + 1] = f(coroutine.yield(25) or 25) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 25 then return two(j, n) end n = n + j end
  log[#log + 1] = f(coroutine.yield(26) or 26) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 26 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(coroutine.yield(27) or 27) + #log + n * 2 while n > 0 do if x == 27 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(coroutine.yield(28) or 28) + #log + n * 2 do local value, total = f(28), #log if x == 28 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(coroutine.yield(29) or 29) + #log + n * 2 do local s = s .. 'in' if x == 29 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(coroutine.yield(30) or 30) + #log + n * 2 if x == 30 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(coroutine.yield(31) or 31) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 31 then return odd end until odd == 1
  log[#log + 1] = f(coroutine.yield(32) or 32) + #log + n * 2 if x == 32 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(coroutine.yield(33) or 33) + #log + n * 2 for key, w in pairs({ 33 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(coroutine.yield(34) or 34) + #log + n * 2 if x == 34 then error('at 34') elseif x == -34 then error({ 34 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(coroutine.yield(35) or 35) + #log + n * 2 if x == 35 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(coroutine.yield(36) or 36) + #log + n * 2 if x == 36 then return n, #log end n = n + 1 s = s .. 36
  log[#log + 1] = f(coroutine.yield(37) or 37) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 37 then return two(j, n) end n = n + j end
  log[#log + 1] = f(coroutine.yield(38) or 38) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 38 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(coroutine.yield(39) or 39) + #log + n * 2 while n > 0 do if x == 39 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(coroutine.yield(40) or 40) + #log + n * 2 do local value, total = f(40), #log if x == 40 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(coroutine.yield(41) or 41) + #log + n * 2 do local s = s .. 'in' if x == 41 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(coroutine.yield(42) or 42) + #log + n * 2 if x == 42 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(coroutine.yield(43) or 43) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 43 then return odd end until odd == 1
  log[#log + 1] = f(coroutine.yield(44) or 44) + #log + n * 2 if x == 44 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(coroutine.yield(45) or 45) + #log + n * 2 for key, w in pairs({ 45 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(coroutine.yield(46) or 46) + #log + n * 2 if x == 46 then error('at 46') elseif x == -46 then error({ 46 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(coroutine.yield(47) or 47) + #log + n * 2 if x == 47 then return end do local gone = {} keep(gone) gone = nil end
  log[#log + 1] = f(coroutine.yield(48) or 48) + #log + n * 2 if x == 48 then return n, #log end n = n + 1 s = s .. 48
  log[#log + 1] = f(coroutine.yield(49) or 49) + #log + n * 2 for j = 1, 4 do if j == 3 then break end if x == 49 then return two(j, n) end n = n + j end
  log[#log + 1] = f(coroutine.yield(50) or 50) + #log + n * 2 for j = 1, 5 do if j % 2 == 0 then goto continue end n = n + j if x == 50 and j == 5 then return 'deep', s end ::continue:: end
  log[#log + 1] = f(coroutine.yield(51) or 51) + #log + n * 2 while n > 0 do if x == 51 then goto done end n = n - 1 if n % 3 == 0 then break end end
  log[#log + 1] = f(coroutine.yield(52) or 52) + #log + n * 2 do local value, total = f(52), #log if x == 52 then return value, total end value = value + n n = value - total end
  log[#log + 1] = f(coroutine.yield(53) or 53) + #log + n * 2 do local s = s .. 'in' if x == 53 then return s end log[s] = function() s = s .. 'x' return s, n end if #s > 3 then log[s]() end end
  log[#log + 1] = f(coroutine.yield(54) or 54) + #log + n * 2 if x == 54 then local z = nil z.field = 1 end n = n + select('#', ...) + (... or 0)
  log[#log + 1] = f(coroutine.yield(55) or 55) + #log + n * 2 repeat local odd = n % 2 n = n + 1 if x == 55 then return odd end until odd == 1
  log[#log + 1] = f(coroutine.yield(56) or 56) + #log + n * 2 if x == 56 then return again(x + 1, log, ...) end shared = shared + n
  log[#log + 1] = f(coroutine.yield(57) or 57) + #log + n * 2 for key, w in pairs({ 57 }) do for _ = 1, 2 do if w == x then goto done end n = n + key end end
  log[#log + 1] = f(coroutine.yield(58) or 58) + #log + n * 2 if x == 58 then error('at 58') elseif x == -58 then error({ 58 }) else shared, n = n, shared % 1000 end
  log[#log + 1] = f(coroutine.yield(59) or 59) + #log + n * 2 if x == 59 then return end do local gone = {} keep(gone) gone = nil end
  for turn = 1, 4 do
    n = n + f(60) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(61) % 7 + #log log[#log + 1] = turn * n if x == 61 then break end shared = shared + 1
    n = n + f(62) % 7 + #log log[#log + 1] = turn * n if x == 62 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(63) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(64) % 7 + #log log[#log + 1] = turn * n if x == 64 then break end shared = shared + 1
    n = n + f(65) % 7 + #log log[#log + 1] = turn * n if x == 65 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(66) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(67) % 7 + #log log[#log + 1] = turn * n if x == 67 then break end shared = shared + 1
    n = n + f(68) % 7 + #log log[#log + 1] = turn * n if x == 68 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(69) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(70) % 7 + #log log[#log + 1] = turn * n if x == 70 then break end shared = shared + 1
    n = n + f(71) % 7 + #log log[#log + 1] = turn * n if x == 71 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(72) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(73) % 7 + #log log[#log + 1] = turn * n if x == 73 then break end shared = shared + 1
    n = n + f(74) % 7 + #log log[#log + 1] = turn * n if x == 74 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(75) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(76) % 7 + #log log[#log + 1] = turn * n if x == 76 then break end shared = shared + 1
    n = n + f(77) % 7 + #log log[#log + 1] = turn * n if x == 77 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(78) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(79) % 7 + #log log[#log + 1] = turn * n if x == 79 then break end shared = shared + 1
    n = n + f(80) % 7 + #log log[#log + 1] = turn * n if x == 80 and turn == 3 then return turn, n end shared = shared + 1
    n = n + f(81) % 7 + #log log[#log + 1] = turn * n if turn == 2 and n % 2 == 0 then goto next end shared = shared + 1
    n = n + f(82) % 7 + #log log[#log + 1] = turn * n if x == 82 then break end shared = shared + 1
    n = n + f(83) % 7 + #log log[#log + 1] = turn * n if x == 83 and turn == 3 then return turn, n end shared = shared + 1
    ::next:: n = n + turn
  end
  if x == 'a' then n = -1
  elseif x == f(90) then log.last = n
  elseif x == f(91) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(92) then return 'chain', 92
  elseif x == f(93) then n = n + 93 s = s .. '93'
  elseif x == f(94) then log.last = n
  elseif x == f(95) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(96) then return 'chain', 96
  elseif x == f(97) then n = n + 97 s = s .. '97'
  elseif x == f(98) then log.last = n
  elseif x == f(99) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(100) then return 'chain', 100
  elseif x == f(101) then n = n + 101 s = s .. '101'
  elseif x == f(102) then log.last = n
  elseif x == f(103) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(104) then return 'chain', 104
  elseif x == f(105) then n = n + 105 s = s .. '105'
  elseif x == f(106) then log.last = n
  elseif x == f(107) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(108) then return 'chain', 108
  elseif x == f(109) then n = n + 109 s = s .. '109'
  elseif x == f(110) then log.last = n
  elseif x == f(111) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(112) then return 'chain', 112
  elseif x == f(113) then n = n + 113 s = s .. '113'
  elseif x == f(114) then log.last = n
  elseif x == f(115) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(116) then return 'chain', 116
  elseif x == f(117) then n = n + 117 s = s .. '117'
  elseif x == f(118) then log.last = n
  elseif x == f(119) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(120) then return 'chain', 120
  elseif x == f(121) then n = n + 121 s = s .. '121'
  elseif x == f(122) then log.last = n
  elseif x == f(123) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(124) then return 'chain', 124
  elseif x == f(125) then n = n + 125 s = s .. '125'
  elseif x == f(126) then log.last = n
  elseif x == f(127) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(128) then return 'chain', 128
  elseif x == f(129) then n = n + 129 s = s .. '129'
  elseif x == f(130) then log.last = n
  elseif x == f(131) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(132) then return 'chain', 132
  elseif x == f(133) then n = n + 133 s = s .. '133'
  elseif x == f(134) then log.last = n
  elseif x == f(135) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(136) then return 'chain', 136
  elseif x == f(137) then n = n + 137 s = s .. '137'
  elseif x == f(138) then log.last = n
  elseif x == f(139) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(140) then return 'chain', 140
  elseif x == f(141) then n = n + 141 s = s .. '141'
  elseif x == f(142) then log.last = n
  elseif x == f(143) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(144) then return 'chain', 144
  elseif x == f(145) then n = n + 145 s = s .. '145'
  elseif x == f(146) then log.last = n
  elseif x == f(147) then for j = 1, 3 do if j == 2 then break end n = n - j end
  elseif x == f(148) then return 'chain', 148
  elseif x == f(149) then n = n + 149 s = s .. '149'
  else n = n + 1 end
  do return n, s, #log end ::done:: return 'done', n, shared
end
local function show(...) local t = table.pack(...) for i = 1, t.n do t[i] = type(t[i]) == 'table' and 'table' .. #t[i] or tostring(t[i]) end return table.concat(t, ' ') end
for x = -12, 155 do print(x, show(pcall(plain, x, {}, 3, 4))) end print(show(pcall(plain, 'a', {})), calls)
for x = 0, 155, 1 do
  local log = {} local co = coroutine.wrap(function(...) return 'end', pcall(waits, ...) end)
  local t = table.pack(co(x, log, 3)) local turns = 0
  while t[1] ~= 'end' do turns = turns + 1 t = table.pack(co(turns)) end
  print(x, turns, show(table.unpack(t, 1, t.n)))
end print(calls)
