-- 3.3: functions and constructors so long that they are compiled in parts
local function f(i) return i * 2 + 1 end
local function g(i) return 'v' .. i end
local function pair(i) return i, -i end
local log = {}
local function note(i) log[#log + 1] = i return i end
local function large(...)
  local late = 'late'
  return {
    x0 = f(0), x1 = f(1), x2 = f(2), x3 = f(3), x4 = f(4), x5 = f(5), x6 = f(6), x7 = f(7), x8 = f(8), x9 = f(9), x10 = f(10), x11 = f(11),
    x12 = f(12), x13 = f(13), x14 = f(14), x15 = f(15), x16 = f(16), x17 = f(17), x18 = f(18), x19 = f(19), x20 = f(20), x21 = f(21), x22 = f(22), x23 = f(23),
    x24 = f(24), x25 = f(25), x26 = f(26), x27 = f(27), x28 = f(28), x29 = f(29), x30 = f(30), x31 = f(31), x32 = f(32), x33 = f(33), x34 = f(34), x35 = f(35),
    x36 = f(36), x37 = f(37), x38 = f(38), x39 = f(39), x40 = f(40), x41 = f(41), x42 = f(42), x43 = f(43), x44 = f(44), x45 = f(45), x46 = f(46), x47 = f(47),
    x48 = f(48), x49 = f(49), x50 = f(50), x51 = f(51), x52 = f(52), x53 = f(53), x54 = f(54), x55 = f(55), x56 = f(56), x57 = f(57), x58 = f(58), x59 = f(59),
    x60 = f(60), x61 = f(61), x62 = f(62), x63 = f(63), x64 = f(64), x65 = f(65), x66 = f(66), x67 = f(67), x68 = f(68), x69 = f(69), x70 = f(70), x71 = f(71),
    x72 = f(72), x73 = f(73), x74 = f(74), x75 = f(75), x76 = f(76), x77 = f(77), x78 = f(78), x79 = f(79), x80 = f(80), x81 = f(81), x82 = f(82), x83 = f(83),
    x84 = f(84), x85 = f(85), x86 = f(86), x87 = f(87), x88 = f(88), x89 = f(89), x90 = f(90), x91 = f(91), x92 = f(92), x93 = f(93), x94 = f(94), x95 = f(95),
    x96 = f(96), x97 = f(97), x98 = f(98), x99 = f(99), x100 = f(100), x101 = f(101), x102 = f(102), x103 = f(103), x104 = f(104), x105 = f(105), x106 = f(106), x107 = f(107),
    x108 = f(108), x109 = f(109), x110 = f(110), x111 = f(111), x112 = f(112), x113 = f(113), x114 = f(114), x115 = f(115), x116 = f(116), x117 = f(117), x118 = f(118), x119 = f(119),
    x120 = f(120), x121 = f(121), x122 = f(122), x123 = f(123), x124 = f(124), x125 = f(125), x126 = f(126), x127 = f(127), x128 = f(128), x129 = f(129), x130 = f(130), x131 = f(131),
    x132 = f(132), x133 = f(133), x134 = f(134), x135 = f(135), x136 = f(136), x137 = f(137), x138 = f(138), x139 = f(139), x140 = f(140), x141 = f(141), x142 = f(142), x143 = f(143),
    x144 = f(144), x145 = f(145), x146 = f(146), x147 = f(147), x148 = f(148), x149 = f(149), g(0), g(1), g(2), g(3), g(4), g(5),
    g(6), g(7), g(8), g(9), g(10), g(11), g(12), g(13), g(14), g(15), g(16), g(17),
    g(18), g(19), g(20), g(21), g(22), g(23), g(24), g(25), g(26), g(27), g(28), g(29),
    g(30), g(31), g(32), g(33), g(34), g(35), g(36), g(37), g(38), g(39), g(40), g(41),
    g(42), g(43), g(44), g(45), g(46), g(47), g(48), g(49), g(50), g(51), g(52), g(53),
    g(54), g(55), g(56), g(57), g(58), g(59), g(60), g(61), g(62), g(63), g(64), g(65),
    g(66), g(67), g(68), g(69), g(70), g(71), g(72), g(73), g(74), g(75), g(76), g(77),
    g(78), g(79), g(80), g(81), g(82), g(83), g(84), g(85), g(86), g(87), g(88), g(89),
    g(90), g(91), g(92), g(93), g(94), g(95), g(96), g(97), g(98), g(99), g(100), g(101),
    g(102), g(103), g(104), g(105), g(106), g(107), g(108), g(109), g(110), g(111), g(112), g(113),
    g(114), g(115), g(116), g(117), g(118), g(119), g(120), g(121), g(122), g(123), g(124), g(125),
    g(126), g(127), g(128), g(129), g(130), g(131), g(132), g(133), g(134), g(135), g(136), g(137),
    g(138), g(139), g(140), g(141), g(142), g(143), g(144), g(145), g(146), g(147), g(148), g(149),
    g('p' .. 0), [g(1)] = f(1), g('p' .. 2), y3 = g(3), [g(4)] = f(4), [g(5)] = f(5), y6 = g(6), [g(7)] = f(7), g('p' .. 8), y9 = g(9), [g(10)] = f(10), y11 = g(11),
    [g(12)] = f(12), [g(13)] = f(13), [g(14)] = f(14), g('p' .. 15), g('p' .. 16), [g(17)] = f(17), [g(18)] = f(18), [g(19)] = f(19), y20 = g(20), g('p' .. 21), [g(22)] = f(22), y23 = g(23),
    [g(24)] = f(24), [g(25)] = f(25), y26 = g(26), y27 = g(27), y28 = g(28), [g(29)] = f(29), y30 = g(30), y31 = g(31), g('p' .. 32), [g(33)] = f(33), [g(34)] = f(34), [g(35)] = f(35),
    y36 = g(36), [g(37)] = f(37), g('p' .. 38), g('p' .. 39), [g(40)] = f(40), y41 = g(41), [g(42)] = f(42), y43 = g(43), g('p' .. 44), y45 = g(45), y46 = g(46), [g(47)] = f(47),
    [g(48)] = f(48), y49 = g(49), y50 = g(50), y51 = g(51), [g(52)] = f(52), g('p' .. 53), [g(54)] = f(54), y55 = g(55), y56 = g(56), [g(57)] = f(57), y58 = g(58), [g(59)] = f(59),
    late .. '!', ..., }, late
end
local t = large('a', 'b')
print(#t, t.x0, t.x149, t[1], t[150], t.y3, t.v1, t[#t], t[#t - 1], t[#t - 2])
local u = {
  [-note(0)] = note(0.5), note(1), k2 = note(2), [-note(3)] = note(3.5), [-note(4)] = note(4.5), k5 = note(5), k6 = note(6), k7 = note(7), [-note(8)] = note(8.5), k9 = note(9), k10 = note(10), k11 = note(11), note(12), note(13), [-note(14)] = note(14.5),
  note(15), note(16), [-note(17)] = note(17.5), k18 = note(18), [-note(19)] = note(19.5), k20 = note(20), k21 = note(21), [-note(22)] = note(22.5), k23 = note(23), k24 = note(24), [-note(25)] = note(25.5), note(26), note(27), [-note(28)] = note(28.5), k29 = note(29),
  note(30), k31 = note(31), note(32), k33 = note(33), k34 = note(34), note(35), [-note(36)] = note(36.5), note(37), [-note(38)] = note(38.5), [-note(39)] = note(39.5), k40 = note(40), k41 = note(41), [-note(42)] = note(42.5), k43 = note(43), [-note(44)] = note(44.5),
  k45 = note(45), [-note(46)] = note(46.5), k47 = note(47), note(48), note(49), k50 = note(50), k51 = note(51), [-note(52)] = note(52.5), [-note(53)] = note(53.5), note(54), note(55), [-note(56)] = note(56.5), [-note(57)] = note(57.5), k58 = note(58), [-note(59)] = note(59.5),
  [-note(60)] = note(60.5), [-note(61)] = note(61.5), k62 = note(62), k63 = note(63), [-note(64)] = note(64.5), k65 = note(65), [-note(66)] = note(66.5), k67 = note(67), note(68), k69 = note(69), k70 = note(70), note(71), [-note(72)] = note(72.5), note(73), k74 = note(74),
  note(75), note(76), k77 = note(77), note(78), [-note(79)] = note(79.5), note(80), k81 = note(81), k82 = note(82), k83 = note(83), note(84), note(85), k86 = note(86), k87 = note(87), [-note(88)] = note(88.5), k89 = note(89),
  note(90), k91 = note(91), [-note(92)] = note(92.5), k93 = note(93), [-note(94)] = note(94.5), k95 = note(95), k96 = note(96), [-note(97)] = note(97.5), k98 = note(98), note(99), note(100), note(101), note(102), note(103), note(104),
  [-note(105)] = note(105.5), note(106), note(107), k108 = note(108), [-note(109)] = note(109.5), note(110), k111 = note(111), k112 = note(112), note(113), note(114), k115 = note(115), [-note(116)] = note(116.5), k117 = note(117), [-note(118)] = note(118.5), [-note(119)] = note(119.5),
  k120 = note(120), note(121), [-note(122)] = note(122.5), [-note(123)] = note(123.5), [-note(124)] = note(124.5), [-note(125)] = note(125.5), [-note(126)] = note(126.5), [-note(127)] = note(127.5), note(128), k129 = note(129), [-note(130)] = note(130.5), [-note(131)] = note(131.5), k132 = note(132), k133 = note(133), k134 = note(134),
  k135 = note(135), note(136), k137 = note(137), [-note(138)] = note(138.5), k139 = note(139), note(140), note(141), note(142), note(143), k144 = note(144), note(145), note(146), k147 = note(147), [-note(148)] = note(148.5), note(149),
  note(150), note(151), [-note(152)] = note(152.5), note(153), [-note(154)] = note(154.5), note(155), k156 = note(156), [-note(157)] = note(157.5), note(158), note(159), note(160), [-note(161)] = note(161.5), k162 = note(162), note(163), [-note(164)] = note(164.5),
  k165 = note(165), k166 = note(166), [-note(167)] = note(167.5), k168 = note(168), k169 = note(169), note(170), note(171), k172 = note(172), k173 = note(173), k174 = note(174), k175 = note(175), k176 = note(176), note(177), note(178), note(179),
  [-note(180)] = note(180.5), k181 = note(181), [-note(182)] = note(182.5), k183 = note(183), k184 = note(184), [-note(185)] = note(185.5), note(186), [-note(187)] = note(187.5), note(188), note(189), [-note(190)] = note(190.5), k191 = note(191), note(192), [-note(193)] = note(193.5), [-note(194)] = note(194.5),
  note(195), [-note(196)] = note(196.5), k197 = note(197), [-note(198)] = note(198.5), note(199), [-note(200)] = note(200.5), k201 = note(201), [-note(202)] = note(202.5), k203 = note(203), note(204), k205 = note(205), note(206), [-note(207)] = note(207.5), [-note(208)] = note(208.5), [-note(209)] = note(209.5),
  k210 = note(210), [-note(211)] = note(211.5), note(212), [-note(213)] = note(213.5), note(214), note(215), k216 = note(216), [-note(217)] = note(217.5), note(218), note(219), [-note(220)] = note(220.5), k221 = note(221), k222 = note(222), [-note(223)] = note(223.5), note(224),
  note(225), k226 = note(226), k227 = note(227), k228 = note(228), note(229), [-note(230)] = note(230.5), [-note(231)] = note(231.5), k232 = note(232), k233 = note(233), [-note(234)] = note(234.5), k235 = note(235), k236 = note(236), note(237), note(238), note(239),
  note(240), k241 = note(241), note(242), k243 = note(243), note(244), k245 = note(245), [-note(246)] = note(246.5), [-note(247)] = note(247.5), note(248), k249 = note(249), [-note(250)] = note(250.5), k251 = note(251), [-note(252)] = note(252.5), note(253), [-note(254)] = note(254.5),
  note(255), k256 = note(256), [-note(257)] = note(257.5), note(258), k259 = note(259), note(260), k261 = note(261), [-note(262)] = note(262.5), k263 = note(263), note(264), [-note(265)] = note(265.5), k266 = note(266), k267 = note(267), k268 = note(268), [-note(269)] = note(269.5),
  note(270), [-note(271)] = note(271.5), note(272), note(273), note(274), note(275), note(276), [-note(277)] = note(277.5), k278 = note(278), [-note(279)] = note(279.5), note(280), [-note(281)] = note(281.5), [-note(282)] = note(282.5), k283 = note(283), [-note(284)] = note(284.5),
  k285 = note(285), note(286), [-note(287)] = note(287.5), [-note(288)] = note(288.5), note(289), note(290), note(291), [-note(292)] = note(292.5), [-note(293)] = note(293.5), note(294), [-note(295)] = note(295.5), [-note(296)] = note(296.5), note(297), k298 = note(298), note(299),
}
local sum = 0 for i, n in ipairs(log) do sum = (sum * 31 + math.floor(n * 2)) % 1000003 end print(#log, sum, #u)
local function faulty(n) local z
  return {
    f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8), f(9),
    f(10), f(11), f(12), f(13), f(14), f(15), f(16), f(17), f(18), f(19),
    f(20), f(21), f(22), f(23), f(24), f(25), f(26), f(27), f(28), f(29),
    f(30), f(31), f(32), f(33), f(34), f(35), f(36), f(37), f(38), f(39),
    f(40), f(41), f(42), f(43), f(44), f(45), f(46), f(47), f(48), f(49),
    f(50), f(51), f(52), f(53), f(54), f(55), f(56), f(57), f(58), f(59),
    f(60), f(61), f(62), f(63), f(64), f(65), f(66), f(67), f(68), f(69),
    f(70), f(71), f(72), f(73), f(74), f(75), f(76), f(77), f(78), f(79),
    f(80), f(81), f(82), f(83), f(84), f(85), f(86), f(87), f(88), f(89),
    f(90), f(91), f(92), f(93), f(94), f(95), f(96), f(97), f(98), f(99),
    f(100), f(101), f(102), f(103), f(104), f(105), f(106), f(107), f(108), f(109),
    f(110), f(111), f(112), f(113), f(114), f(115), f(116), f(117), f(118), f(119),
    f(120), f(121), f(122), f(123), f(124), f(125), f(126), f(127), f(128), f(129),
    f(130), f(131), f(132), f(133), f(134), f(135), f(136), f(137), f(138), f(139),
    f(140), f(141), f(142), f(143), f(144), f(145), f(146), f(147), f(148), f(149),
    f(150), f(151), f(152), f(153), f(154), f(155), f(156), f(157), f(158), f(159),
    f(160), f(161), f(162), f(163), f(164), f(165), f(166), f(167), f(168), f(169),
    f(170), f(171), f(172), f(173), f(174), f(175), f(176), f(177), f(178), f(179),
    f(180), f(181), f(182), f(183), f(184), f(185), f(186), f(187), f(188), f(189),
    f(190), f(191), f(192), f(193), f(194), f(195), f(196), f(197), f(198), f(199),
    z.field, f(201), f(202), f(203), f(204), f(205), f(206), f(207), f(208), f(209),
    f(210), f(211), f(212), f(213), f(214), f(215), f(216), f(217), f(218), f(219),
    f(220), f(221), f(222), f(223), f(224), f(225), f(226), f(227), f(228), f(229),
    f(230), f(231), f(232), f(233), f(234), f(235), f(236), f(237), f(238), f(239),
    f(240), f(241), f(242), f(243), f(244), f(245), f(246), f(247), f(248), f(249),
    f(250), f(251), f(252), f(253), f(254), f(255), f(256), f(257), f(258), f(259),
    f(260), f(261), f(262), f(263), f(264), f(265), f(266), f(267), f(268), f(269),
    f(270), f(271), f(272), f(273), f(274), f(275), f(276), f(277), f(278), f(279),
    f(280), f(281), f(282), f(283), f(284), f(285), f(286), f(287), f(288), f(289),
    f(290), f(291), f(292), f(293), f(294), f(295), f(296), f(297), f(298), f(299),
  }
end
print(pcall(faulty))
local function long(a, ...)
  local t, s, n, up = {}, a, 0, 0
  local function count() up = up + 1 return up end
  local gone = 'gone' .. s
  t[1] = select('#', ...) + f(1) t[2] = select('#', ...) + f(2) local p, q = pair(3) t[3] = p * q t[4] = f(4) + n
  up = up + #g(5) local p, q = pair(6) t[6] = p * q up = up + #g(7) s, n = s .. n % 10, n + 1
  local p, q = pair(9) t[9] = p * q if select('#', ...) == 10 + 1 then return 'early', n end while true do n = n + 1 if n % 2 == 0 then break end end if t[11] then t[12] = t[11] else n = n + 1 end
  up = up + #g(13) s, n = s .. n % 10, n + 1 for i = 1, 3 do if i == 2 then break end n = n + i end t[16] = select('#', ...) + f(16)
  local v17 = g(17) t[17] = v17 .. count() t[18] = f(18) + n t[19] = function() return s, n end for i, w in ipairs({f(20), g(20)}) do t[20] = w end
  if t[20] then t[21] = t[20] else n = n + 1 end t[22] = function() return s, n end do local s = s .. 23 t[23] = #s end repeat local odd = n % 2 n = n + 1 until odd == 1
  while true do n = n + 1 if n % 2 == 0 then break end end t[26] = select('#', ...) + f(26) t[27] = function() return s, n end s, n = s .. n % 10, n + 1
  for i = 1, 3 do if i == 2 then break end n = n + i end t[30] = select('#', ...) + f(30) t[31] = function() return s, n end t[32] = function() return s, n end
  s, n = s .. n % 10, n + 1 local v34 = g(34) t[34] = v34 .. count() s, n = s .. n % 10, n + 1 local v36 = g(36) t[36] = v36 .. count()
  s, n = s .. n % 10, n + 1 s, n = s .. n % 10, n + 1 t[39] = f(39) + n t[40] = select('#', ...) + f(40)
  do local s = s .. 41 t[41] = #s end if select('#', ...) == 42 + 1 then return 'early', n end local v3 = g(43) t[43] = v3 .. count() while true do n = n + 1 if n % 2 == 0 then break end end
  t[45] = f(45) + n if select('#', ...) == 46 + 1 then return 'early', n end if select('#', ...) == 47 + 1 then return 'early', n end local v8 = g(48) t[48] = v8 .. count()
  local v9 = g(49) t[49] = v9 .. count() local v10 = g(50) t[50] = v10 .. count() do local s = s .. 51 t[51] = #s end while true do n = n + 1 if n % 2 == 0 then break end end
  for i, w in ipairs({f(53), g(53)}) do t[53] = w end n = n + f(54) % 7 s, n = s .. n % 10, n + 1 t[56] = f(56) + n
  if t[56] then t[57] = t[56] else n = n + 1 end repeat local odd = n % 2 n = n + 1 until odd == 1 s, n = s .. n % 10, n + 1 s, n = s .. n % 10, n + 1
  s, n = s .. n % 10, n + 1 do local s = s .. 62 t[62] = #s end if select('#', ...) == 63 + 1 then return 'early', n end if select('#', ...) == 64 + 1 then return 'early', n end
  n = n + f(65) % 7 t[66] = function() return s, n end s, n = s .. n % 10, n + 1 t[68] = f(68) + n
  local p, q = pair(69) t[69] = p * q local p, q = pair(70) t[70] = p * q up = up + #g(71) t[72] = f(72) + n
  if select('#', ...) == 73 + 1 then return 'early', n end n = n + f(74) % 7 s, n = s .. n % 10, n + 1 do local s = s .. 76 t[76] = #s end
  s, n = s .. n % 10, n + 1 t[78] = f(78) + n if select('#', ...) == 79 + 1 then return 'early', n end t[80] = function() return s, n end
  t[81] = function() return s, n end n = n + f(82) % 7 do local s = s .. 83 t[83] = #s end if t[83] then t[84] = t[83] else n = n + 1 end
  while true do n = n + 1 if n % 2 == 0 then break end end s, n = s .. n % 10, n + 1 while true do n = n + 1 if n % 2 == 0 then break end end s, n = s .. n % 10, n + 1
  local p, q = pair(89) t[89] = p * q for i, w in ipairs({f(90), g(90)}) do t[90] = w end up = up + #g(91) do local s = s .. 92 t[92] = #s end
  s, n = s .. n % 10, n + 1 s, n = s .. n % 10, n + 1 if select('#', ...) == 95 + 1 then return 'early', n end do local s = s .. 96 t[96] = #s end
  s, n = s .. n % 10, n + 1 local p, q = pair(98) t[98] = p * q for i, w in ipairs({f(99), g(99)}) do t[99] = w end s, n = s .. n % 10, n + 1
  t[101] = function() return s, n end t[102] = function() return s, n end t[103] = function() return s, n end up = up + #g(104)
  t[105] = function() return s, n end s, n = s .. n % 10, n + 1 t[107] = function() return s, n end local p, q = pair(108) t[108] = p * q
  t[109] = select('#', ...) + f(109) do local s = s .. 110 t[110] = #s end local v31 = g(111) t[111] = v31 .. count() for i = 1, 3 do if i == 2 then break end n = n + i end
  n = n + f(113) % 7 for i = 1, 3 do if i == 2 then break end n = n + i end do local s = s .. 115 t[115] = #s end if t[115] then t[116] = t[115] else n = n + 1 end
  n = n + f(117) % 7 repeat local odd = n % 2 n = n + 1 until odd == 1 local p, q = pair(119) t[119] = p * q for i = 1, 3 do if i == 2 then break end n = n + i end
  n = n + f(121) % 7 local p, q = pair(122) t[122] = p * q repeat local odd = n % 2 n = n + 1 until odd == 1 up = up + #g(124)
  t.gone, gone = gone, nil  gone = 'again'
  if select('#', ...) == 125 + 1 then return 'early', n end n = n + f(126) % 7 t[127] = function() return s, n end if select('#', ...) == 128 + 1 then return 'early', n end
  local v9 = g(129) t[129] = v9 .. count() for i, w in ipairs({f(130), g(130)}) do t[130] = w end repeat local odd = n % 2 n = n + 1 until odd == 1 repeat local odd = n % 2 n = n + 1 until odd == 1
  if t[132] then t[133] = t[132] else n = n + 1 end local v14 = g(134) t[134] = v14 .. count() up = up + #g(135) t[136] = function() return s, n end
  local v17 = g(137) t[137] = v17 .. count() do local s = s .. 138 t[138] = #s end local p, q = pair(139) t[139] = p * q for i, w in ipairs({f(140), g(140)}) do t[140] = w end
  n = n + f(141) % 7 for i = 1, 3 do if i == 2 then break end n = n + i end t[143] = function() return s, n end do local s = s .. 144 t[144] = #s end
  local v25 = g(145) t[145] = v25 .. count() repeat local odd = n % 2 n = n + 1 until odd == 1 t[147] = select('#', ...) + f(147) local p, q = pair(148) t[148] = p * q
  local v29 = g(149) t[149] = v29 .. count() for i, w in ipairs({f(150), g(150)}) do t[150] = w end for i = 1, 3 do if i == 2 then break end n = n + i end s, n = s .. n % 10, n + 1
  for i = 1, 3 do if i == 2 then break end n = n + i end if t[153] then t[154] = t[153] else n = n + 1 end for i = 1, 3 do if i == 2 then break end n = n + i end local p, q = pair(156) t[156] = p * q
  if t[156] then t[157] = t[156] else n = n + 1 end if t[157] then t[158] = t[157] else n = n + 1 end n = n + f(159) % 7 for i, w in ipairs({f(160), g(160)}) do t[160] = w end
  if t[160] then t[161] = t[160] else n = n + 1 end t[162] = f(162) + n if t[162] then t[163] = t[162] else n = n + 1 end s, n = s .. n % 10, n + 1
  do local s = s .. 165 t[165] = #s end do local s = s .. 166 t[166] = #s end for i, w in ipairs({f(167), g(167)}) do t[167] = w end t[168] = f(168) + n
  for i = 1, 3 do if i == 2 then break end n = n + i end if t[169] then t[170] = t[169] else n = n + 1 end s, n = s .. n % 10, n + 1 while true do n = n + 1 if n % 2 == 0 then break end end
  up = up + #g(173) s, n = s .. n % 10, n + 1 n = n + f(175) % 7 n = n + f(176) % 7
  t[177] = function() return s, n end if select('#', ...) == 178 + 1 then return 'early', n end local p, q = pair(179) t[179] = p * q t[180] = function() return s, n end
  n = n + f(181) % 7 n = n + f(182) % 7 up = up + #g(183) up = up + #g(184)
  t[185] = f(185) + n t[186] = function() return s, n end if select('#', ...) == 187 + 1 then return 'early', n end local v28 = g(188) t[188] = v28 .. count()
  up = up + #g(189) if select('#', ...) == 190 + 1 then return 'early', n end local v31 = g(191) t[191] = v31 .. count() t[192] = select('#', ...) + f(192)
  for i = 1, 3 do if i == 2 then break end n = n + i end t[194] = select('#', ...) + f(194) t[195] = function() return s, n end repeat local odd = n % 2 n = n + 1 until odd == 1
  t[197] = select('#', ...) + f(197) up = up + #g(198) for i = 1, 3 do if i == 2 then break end n = n + i end local v0 = g(200) t[200] = v0 .. count()
  s, n = s .. n % 10, n + 1 t[202] = function() return s, n end s, n = s .. n % 10, n + 1 while true do n = n + 1 if n % 2 == 0 then break end end
  local far = g(n)
  do local s = s .. 205 t[205] = #s end for i, w in ipairs({f(206), g(206)}) do t[206] = w end if t[206] then t[207] = t[206] else n = n + 1 end n = n + f(208) % 7
  up = up + #g(209) t[210] = f(210) + n if select('#', ...) == 211 + 1 then return 'early', n end for i, w in ipairs({f(212), g(212)}) do t[212] = w end
  local v13 = g(213) t[213] = v13 .. count() for i = 1, 3 do if i == 2 then break end n = n + i end t[215] = function() return s, n end n = n + f(216) % 7
  up = up + #g(217) t[218] = f(218) + n repeat local odd = n % 2 n = n + 1 until odd == 1 n = n + f(220) % 7
  if select('#', ...) == 221 + 1 then return 'early', n end up = up + #g(222) n = n + f(223) % 7 while true do n = n + 1 if n % 2 == 0 then break end end
  t[225] = select('#', ...) + f(225) local p, q = pair(226) t[226] = p * q n = n + f(227) % 7 up = up + #g(228)
  t[229] = select('#', ...) + f(229) n = n + f(230) % 7 do local s = s .. 231 t[231] = #s end t[232] = f(232) + n
  if t[232] then t[233] = t[232] else n = n + 1 end s, n = s .. n % 10, n + 1 for i = 1, 3 do if i == 2 then break end n = n + i end t[236] = function() return s, n end
  t[237] = function() return s, n end up = up + #g(238) while true do n = n + 1 if n % 2 == 0 then break end end local v0 = g(240) t[240] = v0 .. count()
  t[241] = f(241) + n s, n = s .. n % 10, n + 1 for i, w in ipairs({f(243), g(243)}) do t[243] = w end local p, q = pair(244) t[244] = p * q
  n = n + f(245) % 7 local v6 = g(246) t[246] = v6 .. count() up = up + #g(247) t[248] = f(248) + n
  local v9 = g(249) t[249] = v9 .. count() local p, q = pair(250) t[250] = p * q t[251] = function() return s, n end up = up + #g(252)
  repeat local odd = n % 2 n = n + 1 until odd == 1 up = up + #g(254) s, n = s .. n % 10, n + 1 if select('#', ...) == 256 + 1 then return 'early', n end
  local p, q = pair(257) t[257] = p * q up = up + #g(258) do local s = s .. 259 t[259] = #s end s, n = s .. n % 10, n + 1
  repeat local odd = n % 2 n = n + 1 until odd == 1 local v22 = g(262) t[262] = v22 .. count() up = up + #g(263) if t[263] then t[264] = t[263] else n = n + 1 end
  if select('#', ...) == 265 + 1 then return 'early', n end t[266] = f(266) + n up = up + #g(267) t[268] = f(268) + n
  t[269] = f(269) + n t[270] = f(270) + n for i, w in ipairs({f(271), g(271)}) do t[271] = w end s, n = s .. n % 10, n + 1
  s, n = s .. n % 10, n + 1 local p, q = pair(274) t[274] = p * q s, n = s .. n % 10, n + 1 do local s = s .. 276 t[276] = #s end
  local p, q = pair(277) t[277] = p * q t[278] = function() return s, n end do local s = s .. 279 t[279] = #s end n = n + f(280) % 7
  repeat local odd = n % 2 n = n + 1 until odd == 1 t[282] = select('#', ...) + f(282) repeat local odd = n % 2 n = n + 1 until odd == 1 for i = 1, 3 do if i == 2 then break end n = n + i end
  repeat local odd = n % 2 n = n + 1 until odd == 1 do local s = s .. 286 t[286] = #s end s, n = s .. n % 10, n + 1 t[288] = select('#', ...) + f(288)
  t[289] = function() return s, n end for i = 1, 3 do if i == 2 then break end n = n + i end s, n = s .. n % 10, n + 1 up = up + #g(292)
  for i, w in ipairs({f(293), g(293)}) do t[293] = w end local p, q = pair(294) t[294] = p * q local p, q = pair(295) t[295] = p * q if t[295] then t[296] = t[295] else n = n + 1 end
  local p, q = pair(297) t[297] = p * q t[298] = select('#', ...) + f(298) t[299] = function() return s, n end for i, w in ipairs({f(300), g(300)}) do t[300] = w end
  for i, w in ipairs({f(301), g(301)}) do t[301] = w end repeat local odd = n % 2 n = n + 1 until odd == 1 local v23 = g(303) t[303] = v23 .. count() for i = 1, 3 do if i == 2 then break end n = n + i end
  if t[304] then t[305] = t[304] else n = n + 1 end t[306] = f(306) + n t[307] = select('#', ...) + f(307) local v28 = g(308) t[308] = v28 .. count()
  t[309] = f(309) + n n = n + f(310) % 7 repeat local odd = n % 2 n = n + 1 until odd == 1 for i, w in ipairs({f(312), g(312)}) do t[312] = w end
  t[313] = function() return s, n end up = up + #g(314) for i = 1, 3 do if i == 2 then break end n = n + i end local v36 = g(316) t[316] = v36 .. count()
  t[317] = f(317) + n n = n + f(318) % 7 repeat local odd = n % 2 n = n + 1 until odd == 1 t[320] = select('#', ...) + f(320)
  for i = 1, 3 do if i == 2 then break end n = n + i end t[322] = select('#', ...) + f(322) s, n = s .. n % 10, n + 1 repeat local odd = n % 2 n = n + 1 until odd == 1
  up = up + #g(325) while true do n = n + 1 if n % 2 == 0 then break end end local p, q = pair(327) t[327] = p * q for i, w in ipairs({f(328), g(328)}) do t[328] = w end
  up = up + #g(329) t[330] = f(330) + n do local s = s .. 331 t[331] = #s end local v12 = g(332) t[332] = v12 .. count()
  local v13 = g(333) t[333] = v13 .. count() up = up + #g(334) do local s = s .. 335 t[335] = #s end t[336] = f(336) + n
  up = up + #g(337) if t[337] then t[338] = t[337] else n = n + 1 end if t[338] then t[339] = t[338] else n = n + 1 end s, n = s .. n % 10, n + 1
  if t[340] then t[341] = t[340] else n = n + 1 end local p, q = pair(342) t[342] = p * q t[343] = f(343) + n t[344] = function() return s, n end
  up = up + #g(345) local p, q = pair(346) t[346] = p * q if t[346] then t[347] = t[346] else n = n + 1 end local v28 = g(348) t[348] = v28 .. count()
  t[349] = f(349) + n if t[349] then t[350] = t[349] else n = n + 1 end for i = 1, 3 do if i == 2 then break end n = n + i end n = n + f(352) % 7
  do local s = s .. 353 t[353] = #s end up = up + #g(354) s, n = s .. n % 10, n + 1 repeat local odd = n % 2 n = n + 1 until odd == 1
  local p, q = pair(357) t[357] = p * q local p, q = pair(358) t[358] = p * q s, n = s .. n % 10, n + 1 if select('#', ...) == 360 + 1 then return 'early', n end
  t.far = far
  return t, s, n, up, ...
end
local function show(t, s, ...)
  if type(t) ~= "table" then return print(t, s) end
  local sum = 0
  for i = 1, 360 do
    local v = t[i]
    if type(v) == "function" then v = #v() end
    for c in tostring(v):gmatch(".") do sum = (sum * 31 + c:byte()) % 1000003 end
  end
  print(sum, t.gone, t.far, s, select("#", ...), (select(3, ...)))
end
show(long('s'))
show(long('s', 1, 2, 3))
for n = 1, 360, 7 do show(long('s', table.unpack({}, 1, n))) end
local yield = coroutine.yield
local function waits(...)
  local t, n = {}, 0
  t[1] = f(1) local a = yield(1) n = n + a t[2] = g(n) t[3] = a .. g(1) .. select('#', ...)
  t[4] = f(4) t[5] = g(4) n = n + f(4) local b = g(n) t[6] = b .. g(4)
  t[7] = f(7) local a = yield(7) n = n + a t[8] = g(n) t[9] = a .. g(7) .. select('#', ...)
  t[10] = f(10) t[11] = g(10) n = n + f(10) local b = g(n) t[12] = b .. g(10)
  t[13] = f(13) local a = yield(13) n = n + a t[14] = g(n) t[15] = a .. g(13) .. select('#', ...)
  t[16] = f(16) t[17] = g(16) n = n + f(16) local b = g(n) t[18] = b .. g(16)
  t[19] = f(19) local a = yield(19) n = n + a t[20] = g(n) t[21] = a .. g(19) .. select('#', ...)
  t[22] = f(22) t[23] = g(22) n = n + f(22) local b = g(n) t[24] = b .. g(22)
  t[25] = f(25) local a = yield(25) n = n + a t[26] = g(n) t[27] = a .. g(25) .. select('#', ...)
  t[28] = f(28) t[29] = g(28) n = n + f(28) local b = g(n) t[30] = b .. g(28)
  t[31] = f(31) local a = yield(31) n = n + a t[32] = g(n) t[33] = a .. g(31) .. select('#', ...)
  t[34] = f(34) t[35] = g(34) n = n + f(34) local b = g(n) t[36] = b .. g(34)
  t[37] = f(37) local a = yield(37) n = n + a t[38] = g(n) t[39] = a .. g(37) .. select('#', ...)
  t[40] = f(40) t[41] = g(40) n = n + f(40) local b = g(n) t[42] = b .. g(40)
  t[43] = f(43) local a = yield(43) n = n + a t[44] = g(n) t[45] = a .. g(43) .. select('#', ...)
  t[46] = f(46) t[47] = g(46) n = n + f(46) local b = g(n) t[48] = b .. g(46)
  t[49] = f(49) local a = yield(49) n = n + a t[50] = g(n) t[51] = a .. g(49) .. select('#', ...)
  t[52] = f(52) t[53] = g(52) n = n + f(52) local b = g(n) t[54] = b .. g(52)
  t[55] = f(55) local a = yield(55) n = n + a t[56] = g(n) t[57] = a .. g(55) .. select('#', ...)
  t[58] = f(58) t[59] = g(58) n = n + f(58) local b = g(n) t[60] = b .. g(58)
  t[61] = f(61) local a = yield(61) n = n + a t[62] = g(n) t[63] = a .. g(61) .. select('#', ...)
  t[64] = f(64) t[65] = g(64) n = n + f(64) local b = g(n) t[66] = b .. g(64)
  t[67] = f(67) local a = yield(67) n = n + a t[68] = g(n) t[69] = a .. g(67) .. select('#', ...)
  t[70] = f(70) t[71] = g(70) n = n + f(70) local b = g(n) t[72] = b .. g(70)
  t[73] = f(73) local a = yield(73) n = n + a t[74] = g(n) t[75] = a .. g(73) .. select('#', ...)
  t[76] = f(76) t[77] = g(76) n = n + f(76) local b = g(n) t[78] = b .. g(76)
  t[79] = f(79) local a = yield(79) n = n + a t[80] = g(n) t[81] = a .. g(79) .. select('#', ...)
  t[82] = f(82) t[83] = g(82) n = n + f(82) local b = g(n) t[84] = b .. g(82)
  t[85] = f(85) local a = yield(85) n = n + a t[86] = g(n) t[87] = a .. g(85) .. select('#', ...)
  t[88] = f(88) t[89] = g(88) n = n + f(88) local b = g(n) t[90] = b .. g(88)
  t[91] = f(91) local a = yield(91) n = n + a t[92] = g(n) t[93] = a .. g(91) .. select('#', ...)
  t[94] = f(94) t[95] = g(94) n = n + f(94) local b = g(n) t[96] = b .. g(94)
  t[97] = f(97) local a = yield(97) n = n + a t[98] = g(n) t[99] = a .. g(97) .. select('#', ...)
  t[100] = f(100) t[101] = g(100) n = n + f(100) local b = g(n) t[102] = b .. g(100)
  t[103] = f(103) local a = yield(103) n = n + a t[104] = g(n) t[105] = a .. g(103) .. select('#', ...)
  t[106] = f(106) t[107] = g(106) n = n + f(106) local b = g(n) t[108] = b .. g(106)
  t[109] = f(109) local a = yield(109) n = n + a t[110] = g(n) t[111] = a .. g(109) .. select('#', ...)
  t[112] = f(112) t[113] = g(112) n = n + f(112) local b = g(n) t[114] = b .. g(112)
  t[115] = f(115) local a = yield(115) n = n + a t[116] = g(n) t[117] = a .. g(115) .. select('#', ...)
  t[118] = f(118) t[119] = g(118) n = n + f(118) local b = g(n) t[120] = b .. g(118)
  t[121] = f(121) local a = yield(121) n = n + a t[122] = g(n) t[123] = a .. g(121) .. select('#', ...)
  t[124] = f(124) t[125] = g(124) n = n + f(124) local b = g(n) t[126] = b .. g(124)
  t[127] = f(127) local a = yield(127) n = n + a t[128] = g(n) t[129] = a .. g(127) .. select('#', ...)
  t[130] = f(130) t[131] = g(130) n = n + f(130) local b = g(n) t[132] = b .. g(130)
  t[133] = f(133) local a = yield(133) n = n + a t[134] = g(n) t[135] = a .. g(133) .. select('#', ...)
  t[136] = f(136) t[137] = g(136) n = n + f(136) local b = g(n) t[138] = b .. g(136)
  t[139] = f(139) local a = yield(139) n = n + a t[140] = g(n) t[141] = a .. g(139) .. select('#', ...)
  t[142] = f(142) t[143] = g(142) n = n + f(142) local b = g(n) t[144] = b .. g(142)
  t[145] = f(145) local a = yield(145) n = n + a t[146] = g(n) t[147] = a .. g(145) .. select('#', ...)
  t[148] = f(148) t[149] = g(148) n = n + f(148) local b = g(n) t[150] = b .. g(148)
  t[151] = f(151) local a = yield(151) n = n + a t[152] = g(n) t[153] = a .. g(151) .. select('#', ...)
  t[154] = f(154) t[155] = g(154) n = n + f(154) local b = g(n) t[156] = b .. g(154)
  t[157] = f(157) local a = yield(157) n = n + a t[158] = g(n) t[159] = a .. g(157) .. select('#', ...)
  t[160] = f(160) t[161] = g(160) n = n + f(160) local b = g(n) t[162] = b .. g(160)
  t[163] = f(163) local a = yield(163) n = n + a t[164] = g(n) t[165] = a .. g(163) .. select('#', ...)
  t[166] = f(166) t[167] = g(166) n = n + f(166) local b = g(n) t[168] = b .. g(166)
  t[169] = f(169) local a = yield(169) n = n + a t[170] = g(n) t[171] = a .. g(169) .. select('#', ...)
  t[172] = f(172) t[173] = g(172) n = n + f(172) local b = g(n) t[174] = b .. g(172)
  t[175] = f(175) local a = yield(175) n = n + a t[176] = g(n) t[177] = a .. g(175) .. select('#', ...)
  t[178] = f(178) t[179] = g(178) n = n + f(178) local b = g(n) t[180] = b .. g(178)
  t[181] = f(181) local a = yield(181) n = n + a t[182] = g(n) t[183] = a .. g(181) .. select('#', ...)
  t[184] = f(184) t[185] = g(184) n = n + f(184) local b = g(n) t[186] = b .. g(184)
  t[187] = f(187) local a = yield(187) n = n + a t[188] = g(n) t[189] = a .. g(187) .. select('#', ...)
  t[190] = f(190) t[191] = g(190) n = n + f(190) local b = g(n) t[192] = b .. g(190)
  t[193] = f(193) local a = yield(193) n = n + a t[194] = g(n) t[195] = a .. g(193) .. select('#', ...)
  t[196] = f(196) t[197] = g(196) n = n + f(196) local b = g(n) t[198] = b .. g(196)
  t[199] = f(199) local a = yield(199) n = n + a t[200] = g(n) t[201] = a .. g(199) .. select('#', ...)
  t[202] = f(202) t[203] = g(202) n = n + f(202) local b = g(n) t[204] = b .. g(202)
  t[205] = f(205) local a = yield(205) n = n + a t[206] = g(n) t[207] = a .. g(205) .. select('#', ...)
  t[208] = f(208) t[209] = g(208) n = n + f(208) local b = g(n) t[210] = b .. g(208)
  t[211] = f(211) local a = yield(211) n = n + a t[212] = g(n) t[213] = a .. g(211) .. select('#', ...)
  t[214] = f(214) t[215] = g(214) n = n + f(214) local b = g(n) t[216] = b .. g(214)
  t[217] = f(217) local a = yield(217) n = n + a t[218] = g(n) t[219] = a .. g(217) .. select('#', ...)
  t[220] = f(220) t[221] = g(220) n = n + f(220) local b = g(n) t[222] = b .. g(220)
  t[223] = f(223) local a = yield(223) n = n + a t[224] = g(n) t[225] = a .. g(223) .. select('#', ...)
  t[226] = f(226) t[227] = g(226) n = n + f(226) local b = g(n) t[228] = b .. g(226)
  t[229] = f(229) local a = yield(229) n = n + a t[230] = g(n) t[231] = a .. g(229) .. select('#', ...)
  t[232] = f(232) t[233] = g(232) n = n + f(232) local b = g(n) t[234] = b .. g(232)
  t[235] = f(235) local a = yield(235) n = n + a t[236] = g(n) t[237] = a .. g(235) .. select('#', ...)
  t[238] = f(238) t[239] = g(238) n = n + f(238) local b = g(n) t[240] = b .. g(238)
  t[241] = f(241) local a = yield(241) n = n + a t[242] = g(n) t[243] = a .. g(241) .. select('#', ...)
  t[244] = f(244) t[245] = g(244) n = n + f(244) local b = g(n) t[246] = b .. g(244)
  t[247] = f(247) local a = yield(247) n = n + a t[248] = g(n) t[249] = a .. g(247) .. select('#', ...)
  t[250] = f(250) t[251] = g(250) n = n + f(250) local b = g(n) t[252] = b .. g(250)
  t[253] = f(253) local a = yield(253) n = n + a t[254] = g(n) t[255] = a .. g(253) .. select('#', ...)
  t[256] = f(256) t[257] = g(256) n = n + f(256) local b = g(n) t[258] = b .. g(256)
  t[259] = f(259) local a = yield(259) n = n + a t[260] = g(n) t[261] = a .. g(259) .. select('#', ...)
  t[262] = f(262) t[263] = g(262) n = n + f(262) local b = g(n) t[264] = b .. g(262)
  t[265] = f(265) local a = yield(265) n = n + a t[266] = g(n) t[267] = a .. g(265) .. select('#', ...)
  t[268] = f(268) t[269] = g(268) n = n + f(268) local b = g(n) t[270] = b .. g(268)
  t[271] = f(271) local a = yield(271) n = n + a t[272] = g(n) t[273] = a .. g(271) .. select('#', ...)
  t[274] = f(274) t[275] = g(274) n = n + f(274) local b = g(n) t[276] = b .. g(274)
  t[277] = f(277) local a = yield(277) n = n + a t[278] = g(n) t[279] = a .. g(277) .. select('#', ...)
  t[280] = f(280) t[281] = g(280) n = n + f(280) local b = g(n) t[282] = b .. g(280)
  t[283] = f(283) local a = yield(283) n = n + a t[284] = g(n) t[285] = a .. g(283) .. select('#', ...)
  t[286] = f(286) t[287] = g(286) n = n + f(286) local b = g(n) t[288] = b .. g(286)
  t[289] = f(289) local a = yield(289) n = n + a t[290] = g(n) t[291] = a .. g(289) .. select('#', ...)
  t[292] = f(292) t[293] = g(292) n = n + f(292) local b = g(n) t[294] = b .. g(292)
  t[295] = f(295) local a = yield(295) n = n + a t[296] = g(n) t[297] = a .. g(295) .. select('#', ...)
  t[298] = f(298) t[299] = g(298) n = n + f(298) local b = g(n) t[300] = b .. g(298)
  return n, #t, t[300], t[8], yield({
    f(yield(0)), f(yield(1)), f(yield(2)), f(yield(3)), f(yield(4)), f(yield(5)), f(yield(6)), f(yield(7)), f(yield(8)), f(yield(9)), f(yield(10)), f(yield(11)), f(yield(12)), f(yield(13)), f(yield(14)),
    f(yield(15)), f(yield(16)), f(yield(17)), f(yield(18)), f(yield(19)), f(yield(20)), f(yield(21)), f(yield(22)), f(yield(23)), f(yield(24)), f(yield(25)), f(yield(26)), f(yield(27)), f(yield(28)), f(yield(29)),
    f(yield(30)), f(yield(31)), f(yield(32)), f(yield(33)), f(yield(34)), f(yield(35)), f(yield(36)), f(yield(37)), f(yield(38)), f(yield(39)), f(yield(40)), f(yield(41)), f(yield(42)), f(yield(43)), f(yield(44)),
    f(yield(45)), f(yield(46)), f(yield(47)), f(yield(48)), f(yield(49)), f(yield(50)), f(yield(51)), f(yield(52)), f(yield(53)), f(yield(54)), f(yield(55)), f(yield(56)), f(yield(57)), f(yield(58)), f(yield(59)),
    f(yield(60)), f(yield(61)), f(yield(62)), f(yield(63)), f(yield(64)), f(yield(65)), f(yield(66)), f(yield(67)), f(yield(68)), f(yield(69)), f(yield(70)), f(yield(71)), f(yield(72)), f(yield(73)), f(yield(74)),
    f(yield(75)), f(yield(76)), f(yield(77)), f(yield(78)), f(yield(79)), f(yield(80)), f(yield(81)), f(yield(82)), f(yield(83)), f(yield(84)), f(yield(85)), f(yield(86)), f(yield(87)), f(yield(88)), f(yield(89)),
    f(yield(90)), f(yield(91)), f(yield(92)), f(yield(93)), f(yield(94)), f(yield(95)), f(yield(96)), f(yield(97)), f(yield(98)), f(yield(99)), f(yield(100)), f(yield(101)), f(yield(102)), f(yield(103)), f(yield(104)),
    f(yield(105)), f(yield(106)), f(yield(107)), f(yield(108)), f(yield(109)), f(yield(110)), f(yield(111)), f(yield(112)), f(yield(113)), f(yield(114)), f(yield(115)), f(yield(116)), f(yield(117)), f(yield(118)), f(yield(119)),
    f(yield(120)), f(yield(121)), f(yield(122)), f(yield(123)), f(yield(124)), f(yield(125)), f(yield(126)), f(yield(127)), f(yield(128)), f(yield(129)), f(yield(130)), f(yield(131)), f(yield(132)), f(yield(133)), f(yield(134)),
    f(yield(135)), f(yield(136)), f(yield(137)), f(yield(138)), f(yield(139)), f(yield(140)), f(yield(141)), f(yield(142)), f(yield(143)), f(yield(144)), f(yield(145)), f(yield(146)), f(yield(147)), f(yield(148)), f(yield(149)),
    f(yield(150)), f(yield(151)), f(yield(152)), f(yield(153)), f(yield(154)), f(yield(155)), f(yield(156)), f(yield(157)), f(yield(158)), f(yield(159)), f(yield(160)), f(yield(161)), f(yield(162)), f(yield(163)), f(yield(164)),
    f(yield(165)), f(yield(166)), f(yield(167)), f(yield(168)), f(yield(169)), f(yield(170)), f(yield(171)), f(yield(172)), f(yield(173)), f(yield(174)), f(yield(175)), f(yield(176)), f(yield(177)), f(yield(178)), f(yield(179)),
    f(yield(180)), f(yield(181)), f(yield(182)), f(yield(183)), f(yield(184)), f(yield(185)), f(yield(186)), f(yield(187)), f(yield(188)), f(yield(189)), f(yield(190)), f(yield(191)), f(yield(192)), f(yield(193)), f(yield(194)),
    f(yield(195)), f(yield(196)), f(yield(197)), f(yield(198)), f(yield(199)), f(yield(200)), f(yield(201)), f(yield(202)), f(yield(203)), f(yield(204)), f(yield(205)), f(yield(206)), f(yield(207)), f(yield(208)), f(yield(209)),
    f(yield(210)), f(yield(211)), f(yield(212)), f(yield(213)), f(yield(214)), f(yield(215)), f(yield(216)), f(yield(217)), f(yield(218)), f(yield(219)), f(yield(220)), f(yield(221)), f(yield(222)), f(yield(223)), f(yield(224)),
    f(yield(225)), f(yield(226)), f(yield(227)), f(yield(228)), f(yield(229)), f(yield(230)), f(yield(231)), f(yield(232)), f(yield(233)), f(yield(234)), f(yield(235)), f(yield(236)), f(yield(237)), f(yield(238)), f(yield(239)),
    f(yield(240)), f(yield(241)), f(yield(242)), f(yield(243)), f(yield(244)), f(yield(245)), f(yield(246)), f(yield(247)), f(yield(248)), f(yield(249)), f(yield(250)), f(yield(251)), f(yield(252)), f(yield(253)), f(yield(254)),
    f(yield(255)), f(yield(256)), f(yield(257)), f(yield(258)), f(yield(259)), f(yield(260)), f(yield(261)), f(yield(262)), f(yield(263)), f(yield(264)), f(yield(265)), f(yield(266)), f(yield(267)), f(yield(268)), f(yield(269)),
  })
end
local wrapped = coroutine.wrap(waits)
local got = wrapped("x", "y")
local steps = 0
while type(got) == "number" do steps = steps + 1 got = wrapped(steps) end
print(steps, #got, got[1], got[270], wrapped("last"))
local function breaks(at)
  local t, none = {}, nil
  t[0] = f(0) + #g(0) t[1] = f(1) + #g(1) t[2] = f(2) + #g(2) t[3] = f(3) + #g(3)
  t[4] = f(4) + #g(4) t[5] = f(5) + #g(5) t[6] = f(6) + #g(6) t[7] = f(7) + #g(7)
  t[8] = f(8) + #g(8) t[9] = f(9) + #g(9) t[10] = f(10) + #g(10) t[11] = f(11) + #g(11)
  t[12] = f(12) + #g(12) t[13] = f(13) + #g(13) t[14] = f(14) + #g(14) t[15] = f(15) + #g(15)
  t[16] = f(16) + #g(16) t[17] = f(17) + #g(17) t[18] = f(18) + #g(18) t[19] = f(19) + #g(19)
  t[20] = f(20) + #g(20) t[21] = f(21) + #g(21) t[22] = f(22) + #g(22) t[23] = f(23) + #g(23)
  t[24] = f(24) + #g(24) t[25] = f(25) + #g(25) t[26] = f(26) + #g(26) t[27] = f(27) + #g(27)
  t[28] = f(28) + #g(28) t[29] = f(29) + #g(29) t[30] = f(30) + #g(30) t[31] = f(31) + #g(31)
  t[32] = f(32) + #g(32) t[33] = f(33) + #g(33) t[34] = f(34) + #g(34) t[35] = f(35) + #g(35)
  t[36] = f(36) + #g(36) t[37] = f(37) + #g(37) t[38] = f(38) + #g(38) t[39] = f(39) + #g(39)
  t[40] = f(40) + #g(40) t[41] = f(41) + #g(41) t[42] = f(42) + #g(42) t[43] = f(43) + #g(43)
  t[44] = f(44) + #g(44) t[45] = f(45) + #g(45) t[46] = f(46) + #g(46) t[47] = f(47) + #g(47)
  t[48] = f(48) + #g(48) t[49] = f(49) + #g(49) t[50] = f(50) + #g(50) t[51] = f(51) + #g(51)
  t[52] = f(52) + #g(52) t[53] = f(53) + #g(53) t[54] = f(54) + #g(54) t[55] = f(55) + #g(55)
  t[56] = f(56) + #g(56) t[57] = f(57) + #g(57) t[58] = f(58) + #g(58) t[59] = f(59) + #g(59)
  t[60] = f(60) + #g(60) t[61] = f(61) + #g(61) t[62] = f(62) + #g(62) t[63] = f(63) + #g(63)
  t[64] = f(64) + #g(64) t[65] = f(65) + #g(65) t[66] = f(66) + #g(66) t[67] = f(67) + #g(67)
  t[68] = f(68) + #g(68) t[69] = f(69) + #g(69) t[70] = f(70) + #g(70) t[71] = f(71) + #g(71)
  t[72] = f(72) + #g(72) t[73] = f(73) + #g(73) t[74] = f(74) + #g(74) t[75] = f(75) + #g(75)
  t[76] = f(76) + #g(76) t[77] = f(77) + #g(77) t[78] = f(78) + #g(78) t[79] = f(79) + #g(79)
  t[80] = f(80) + #g(80) t[81] = f(81) + #g(81) t[82] = f(82) + #g(82) t[83] = f(83) + #g(83)
  t[84] = f(84) + #g(84) t[85] = f(85) + #g(85) t[86] = f(86) + #g(86) t[87] = f(87) + #g(87)
  t[88] = f(88) + #g(88) t[89] = f(89) + #g(89) t[90] = f(90) + #g(90) t[91] = f(91) + #g(91)
  t[92] = f(92) + #g(92) t[93] = f(93) + #g(93) t[94] = f(94) + #g(94) t[95] = f(95) + #g(95)
  t[96] = f(96) + #g(96) t[97] = f(97) + #g(97) t[98] = f(98) + #g(98) t[99] = f(99) + #g(99)
  t[100] = f(100) + #g(100) t[101] = f(101) + #g(101) t[102] = f(102) + #g(102) t[103] = f(103) + #g(103)
  t[104] = f(104) + #g(104) t[105] = f(105) + #g(105) t[106] = f(106) + #g(106) t[107] = f(107) + #g(107)
  t[108] = f(108) + #g(108) t[109] = f(109) + #g(109) t[110] = f(110) + #g(110) t[111] = f(111) + #g(111)
  t[112] = f(112) + #g(112) t[113] = f(113) + #g(113) t[114] = f(114) + #g(114) t[115] = f(115) + #g(115)
  t[116] = f(116) + #g(116) t[117] = f(117) + #g(117) t[118] = f(118) + #g(118) t[119] = f(119) + #g(119)
  t[120] = f(120) + #g(120) t[121] = f(121) + #g(121) t[122] = f(122) + #g(122) t[123] = f(123) + #g(123)
  t[124] = f(124) + #g(124) t[125] = f(125) + #g(125) t[126] = f(126) + #g(126) t[127] = f(127) + #g(127)
  t[128] = f(128) + #g(128) t[129] = f(129) + #g(129) t[130] = f(130) + #g(130) t[131] = f(131) + #g(131)
  t[132] = f(132) + #g(132) t[133] = f(133) + #g(133) t[134] = f(134) + #g(134) t[135] = f(135) + #g(135)
  t[136] = f(136) + #g(136) t[137] = f(137) + #g(137) t[138] = f(138) + #g(138) t[139] = f(139) + #g(139)
  t[140] = f(140) + #g(140) t[141] = f(141) + #g(141) t[142] = f(142) + #g(142) t[143] = f(143) + #g(143)
  t[144] = f(144) + #g(144) t[145] = f(145) + #g(145) t[146] = f(146) + #g(146) t[147] = f(147) + #g(147)
  t[148] = f(148) + #g(148) t[149] = f(149) + #g(149) t[150] = f(150) + #g(150) t[151] = f(151) + #g(151)
  t[152] = f(152) + #g(152) t[153] = f(153) + #g(153) t[154] = f(154) + #g(154) t[155] = f(155) + #g(155)
  t[156] = f(156) + #g(156) t[157] = f(157) + #g(157) t[158] = f(158) + #g(158) t[159] = f(159) + #g(159)
  t[160] = f(160) + #g(160) t[161] = f(161) + #g(161) t[162] = f(162) + #g(162) t[163] = f(163) + #g(163)
  t[164] = f(164) + #g(164) t[165] = f(165) + #g(165) t[166] = f(166) + #g(166) t[167] = f(167) + #g(167)
  t[168] = f(168) + #g(168) t[169] = f(169) + #g(169) t[170] = f(170) + #g(170) t[171] = f(171) + #g(171)
  t[172] = f(172) + #g(172) t[173] = f(173) + #g(173) t[174] = f(174) + #g(174) t[175] = f(175) + #g(175)
  t[176] = f(176) + #g(176) t[177] = f(177) + #g(177) t[178] = f(178) + #g(178) t[179] = f(179) + #g(179)
  t[180] = f(180) + #g(180) t[181] = f(181) + #g(181) t[182] = f(182) + #g(182) t[183] = f(183) + #g(183)
  t[184] = f(184) + #g(184) t[185] = f(185) + #g(185) t[186] = f(186) + #g(186) t[187] = f(187) + #g(187)
  t[188] = f(188) + #g(188) t[189] = f(189) + #g(189) t[190] = f(190) + #g(190) t[191] = f(191) + #g(191)
  t[192] = f(192) + #g(192) t[193] = f(193) + #g(193) t[194] = f(194) + #g(194) t[195] = f(195) + #g(195)
  t[196] = f(196) + #g(196) t[197] = f(197) + #g(197) t[198] = f(198) + #g(198) t[199] = f(199) + #g(199)
  if at == 1 then t.x = none.field end
  t[204] = f(204) + #g(204) t[205] = f(205) + #g(205) t[206] = f(206) + #g(206) t[207] = f(207) + #g(207)
  t[208] = f(208) + #g(208) t[209] = f(209) + #g(209) t[210] = f(210) + #g(210) t[211] = f(211) + #g(211)
  t[212] = f(212) + #g(212) t[213] = f(213) + #g(213) t[214] = f(214) + #g(214) t[215] = f(215) + #g(215)
  t[216] = f(216) + #g(216) t[217] = f(217) + #g(217) t[218] = f(218) + #g(218) t[219] = f(219) + #g(219)
  t[220] = f(220) + #g(220) t[221] = f(221) + #g(221) t[222] = f(222) + #g(222) t[223] = f(223) + #g(223)
  t[224] = f(224) + #g(224) t[225] = f(225) + #g(225) t[226] = f(226) + #g(226) t[227] = f(227) + #g(227)
  t[228] = f(228) + #g(228) t[229] = f(229) + #g(229) t[230] = f(230) + #g(230) t[231] = f(231) + #g(231)
  t[232] = f(232) + #g(232) t[233] = f(233) + #g(233) t[234] = f(234) + #g(234) t[235] = f(235) + #g(235)
  t[236] = f(236) + #g(236) t[237] = f(237) + #g(237) t[238] = f(238) + #g(238) t[239] = f(239) + #g(239)
  t[240] = f(240) + #g(240) t[241] = f(241) + #g(241) t[242] = f(242) + #g(242) t[243] = f(243) + #g(243)
  t[244] = f(244) + #g(244) t[245] = f(245) + #g(245) t[246] = f(246) + #g(246) t[247] = f(247) + #g(247)
  t[248] = f(248) + #g(248) t[249] = f(249) + #g(249) t[250] = f(250) + #g(250) t[251] = f(251) + #g(251)
  t[252] = f(252) + #g(252) t[253] = f(253) + #g(253) t[254] = f(254) + #g(254) t[255] = f(255) + #g(255)
  t[256] = f(256) + #g(256) t[257] = f(257) + #g(257) t[258] = f(258) + #g(258) t[259] = f(259) + #g(259)
  t[260] = f(260) + #g(260) t[261] = f(261) + #g(261) t[262] = f(262) + #g(262) t[263] = f(263) + #g(263)
  t[264] = f(264) + #g(264) t[265] = f(265) + #g(265) t[266] = f(266) + #g(266) t[267] = f(267) + #g(267)
  t[268] = f(268) + #g(268) t[269] = f(269) + #g(269) t[270] = f(270) + #g(270) t[271] = f(271) + #g(271)
  t[272] = f(272) + #g(272) t[273] = f(273) + #g(273) t[274] = f(274) + #g(274) t[275] = f(275) + #g(275)
  t[276] = f(276) + #g(276) t[277] = f(277) + #g(277) t[278] = f(278) + #g(278) t[279] = f(279) + #g(279)
  t[280] = f(280) + #g(280) t[281] = f(281) + #g(281) t[282] = f(282) + #g(282) t[283] = f(283) + #g(283)
  t[284] = f(284) + #g(284) t[285] = f(285) + #g(285) t[286] = f(286) + #g(286) t[287] = f(287) + #g(287)
  t[288] = f(288) + #g(288) t[289] = f(289) + #g(289) t[290] = f(290) + #g(290) t[291] = f(291) + #g(291)
  t[292] = f(292) + #g(292) t[293] = f(293) + #g(293) t[294] = f(294) + #g(294) t[295] = f(295) + #g(295)
  t[296] = f(296) + #g(296) t[297] = f(297) + #g(297) t[298] = f(298) + #g(298) t[299] = f(299) + #g(299)
  if at == 2 then t.y = at + t end
  t[304] = f(304) + #g(304) t[305] = f(305) + #g(305) t[306] = f(306) + #g(306) t[307] = f(307) + #g(307)
  t[308] = f(308) + #g(308) t[309] = f(309) + #g(309) t[310] = f(310) + #g(310) t[311] = f(311) + #g(311)
  t[312] = f(312) + #g(312) t[313] = f(313) + #g(313) t[314] = f(314) + #g(314) t[315] = f(315) + #g(315)
  t[316] = f(316) + #g(316) t[317] = f(317) + #g(317) t[318] = f(318) + #g(318) t[319] = f(319) + #g(319)
  t[320] = f(320) + #g(320) t[321] = f(321) + #g(321) t[322] = f(322) + #g(322) t[323] = f(323) + #g(323)
  t[324] = f(324) + #g(324) t[325] = f(325) + #g(325) t[326] = f(326) + #g(326) t[327] = f(327) + #g(327)
  t[328] = f(328) + #g(328) t[329] = f(329) + #g(329) t[330] = f(330) + #g(330) t[331] = f(331) + #g(331)
  t[332] = f(332) + #g(332) t[333] = f(333) + #g(333) t[334] = f(334) + #g(334) t[335] = f(335) + #g(335)
  t[336] = f(336) + #g(336) t[337] = f(337) + #g(337) t[338] = f(338) + #g(338) t[339] = f(339) + #g(339)
  t[340] = f(340) + #g(340) t[341] = f(341) + #g(341) t[342] = f(342) + #g(342) t[343] = f(343) + #g(343)
  t[344] = f(344) + #g(344) t[345] = f(345) + #g(345) t[346] = f(346) + #g(346) t[347] = f(347) + #g(347)
  t[348] = f(348) + #g(348) t[349] = f(349) + #g(349) t[350] = f(350) + #g(350) t[351] = f(351) + #g(351)
  t[352] = f(352) + #g(352) t[353] = f(353) + #g(353) t[354] = f(354) + #g(354) t[355] = f(355) + #g(355)
  t[356] = f(356) + #g(356) t[357] = f(357) + #g(357) t[358] = f(358) + #g(358) t[359] = f(359) + #g(359)
  if at == 3 then undefined_function(t) end
  t[364] = f(364) + #g(364) t[365] = f(365) + #g(365) t[366] = f(366) + #g(366) t[367] = f(367) + #g(367)
  t[368] = f(368) + #g(368) t[369] = f(369) + #g(369) t[370] = f(370) + #g(370) t[371] = f(371) + #g(371)
  t[372] = f(372) + #g(372) t[373] = f(373) + #g(373) t[374] = f(374) + #g(374) t[375] = f(375) + #g(375)
  t[376] = f(376) + #g(376) t[377] = f(377) + #g(377) t[378] = f(378) + #g(378) t[379] = f(379) + #g(379)
  t[380] = f(380) + #g(380) t[381] = f(381) + #g(381) t[382] = f(382) + #g(382) t[383] = f(383) + #g(383)
  t[384] = f(384) + #g(384) t[385] = f(385) + #g(385) t[386] = f(386) + #g(386) t[387] = f(387) + #g(387)
  t[388] = f(388) + #g(388) t[389] = f(389) + #g(389) t[390] = f(390) + #g(390) t[391] = f(391) + #g(391)
  t[392] = f(392) + #g(392) t[393] = f(393) + #g(393) t[394] = f(394) + #g(394) t[395] = f(395) + #g(395)
  t[396] = f(396) + #g(396) t[397] = f(397) + #g(397) t[398] = f(398) + #g(398) t[399] = f(399) + #g(399)
  return #t
end
for at = 0, 3 do print(pcall(breaks, at)) end
