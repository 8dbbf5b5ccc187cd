-- The time module and os.
local see = require("see")
local time = require("time")

local function constants()
    see.results("durations", { 1, 1000, 1000000, 1000000000, 60000000000, 3600000000000 }, time.NANOSECOND,
        time.MICROSECOND, time.MILLISECOND, time.SECOND, time.MINUTE, time.HOUR)
    see.results("months", { 1, 12 }, time.JANUARY, time.DECEMBER)
    see.results("weekdays", { 0, 6 }, time.SUNDAY, time.SATURDAY)
    see.equal("utc", tostring(time.utc), "UTC")
    see.equal("localtz", time.localtz:string(), "Local")
end

local function durations()
    local parse = time.parse_duration
    for text, shown in pairs {
        ["0"] = "0s", ["1ns"] = "1ns", ["1500ns"] = "1.5µs", ["500ms"] = "500ms", ["90s"] = "1m30s", ["1h"] = "1h0m0s",
        ["2.25s"] = "2.25s", ["-1h5m0.5s"] = "-1h5m0.5s", ["1us"] = "1µs", ["1µs"] = "1µs", ["1μs"] = "1µs",
        ["1.5h"] = "1h30m0s", [".5s"] = "500ms", ["+5s"] = "5s", ["-0"] = "0s", ["1m1s1ms"] = "1m1.001s", ["1.s"] = "1s"
    } do
        local span, err = parse(text)
        see.equal("duration " .. text, span and tostring(span) or err, shown)
    end
    for text, message in pairs {
        [""] = 'time: invalid duration ""', ["abc"] = 'time: invalid duration "abc"', ["-"] = 'time: invalid duration "-"',
        ["."] = 'time: invalid duration "."', [".s"] = 'time: invalid duration ".s"',
        ["5"] = 'time: missing unit in duration "5"', ["5d"] = 'time: unknown unit "d" in duration "5d"',
        ["1 s"] = 'time: unknown unit " s" in duration "1 s"', ["9999999h"] = 'time: invalid duration "9999999h"',
        ["1s5"] = 'time: missing unit in duration "1s5"', ["+-1s"] = 'time: invalid duration "+-1s"',
        ["1..5s"] = 'time: missing unit in duration "1..5s"'
    } do
        see.fails("duration " .. text, "Invalid", message, parse(text))
        see.fails("sleep " .. text, "Invalid", message, time.sleep(text))
        see.fails("after " .. text, "Invalid", message, time.after(text))
    end
    see.fails("far east", "Invalid", 'parsing time "+9900": time zone offset hour out of range', time.parse("-0700", "+9900"))
    see.equal("a number", tostring(parse(1500000000)), "1.5s")
    see.equal("a float", tostring(parse(1.9)), "1ns")
    see.equal("a duration", tostring(parse(parse("1s"))), "1s")
    see.results("one result", { true }, parse("1s") ~= nil)
    see.equal("results", select("#", parse("1s")), 1)
    see.fails("nil", "Invalid", "invalid value type: nil", parse(nil))
    see.fails("nothing", "Invalid", "invalid value type: nil", parse())
    see.fails("a boolean", "Invalid", "invalid value type: boolean", parse(true))
    see.fails("a table", "Invalid", "invalid value type: table", parse({}))
    see.fails("a function", "Invalid", "invalid value type: function", parse(print))
    see.fails("a userdata", "Invalid", "invalid duration type: userdata", parse(time.utc))
    local wrong = "duration must be number or string"
    for name, f in pairs { sleep = time.sleep, after = time.after, timer = time.timer, ticker = time.ticker } do
        see.fails(name .. "({})", "Invalid", wrong, f({}))
        see.fails(name .. "()", "Invalid", wrong, f())
        see.fails(name .. "(location)", "Invalid", wrong, f(time.utc))
        if name ~= "sleep" then
            see.fails(name .. "(0)", "Invalid", "time." .. name .. ": duration must be > 0", f(0))
            see.fails(name .. "('-1s')", "Invalid", "time." .. name .. ": duration must be > 0", f("-1s"))
            see.fails(name .. "(0.5)", "Invalid", "time." .. name .. ": duration must be > 0", f(0.5))
        end
    end
    see.results("sleep", {}, time.sleep(1))
    see.results("sleep not", {}, time.sleep(-1))
    local span = parse("1h30m1.5s")
    see.results("parts", { 5401500000000, 5401500000, 5401500 }, span:nanoseconds(), span:microseconds(), span:milliseconds())
    see.equal("seconds", span:seconds(), 5401.5)
    see.equal("minutes", span:minutes(), 90.025)
    see.equal("hours", parse("90m"):hours(), 1.5)
    see.equal("truncated", parse("-1.9ms"):milliseconds(), -1)
    see.raises("duration expected", "bad argument #1 to 'seconds' (duration expected)", span.seconds, 1)
    see.equal("no arithmetic", pcall(function() return span + span end), false)
    see.equal("identity", parse("1s") == parse("1s"), false)
end

local function zones()
    see.equal("UTC", tostring(time.load_location("UTC")), "UTC")
    see.equal("Local", tostring(time.load_location("Local")), "Local")
    local berlin = time.load_location("Europe/Berlin")
    see.equal("Berlin", tostring(berlin), "Europe/Berlin")
    see.equal("string", berlin:string(), "Europe/Berlin")
    see.fails("empty", "Invalid", "empty location name", time.load_location(""))
    see.fails("unknown", "NotFound", "unknown time zone Europe/Atlantis", time.load_location("Europe/Atlantis"))
    see.fails("another case", "NotFound", "unknown time zone europe/berlin", time.load_location("europe/berlin"))
    see.fails("small utc", "NotFound", "unknown time zone utc", time.load_location("utc"))
    see.raises("nil", "bad argument #1 to 'load_location' (string expected, got nil)", time.load_location, nil)
    local summer = time.date(2024, 7, 1, 12, 0, 0, 0, time.utc):in_location(berlin)
    see.equal("summer", tostring(summer), "2024-07-01 14:00:00 +0200 CEST")
    see.equal("winter", tostring(time.date(2024, 1, 1, 12, 0, 0, 0, berlin)), "2024-01-01 12:00:00 +0100 CET")
    see.equal("location", tostring(summer:location()), "Europe/Berlin")
    see.equal("one utc", time.utc == time.utc and time.localtz == time.localtz and time.utc ~= time.localtz, true)
    see.equal("a key", ({ [time.utc] = "here" })[time.utc], "here")
    see.equal("utc", tostring(summer:utc()), "2024-07-01 12:00:00 +0000 UTC")
    local fixed = time.fixed_zone("HERE", -16200)
    see.equal("fixed", tostring(fixed), "HERE")
    see.equal("in it", tostring(summer:in_location(fixed)), "2024-07-01 07:30:00 -0430 HERE")
    see.raises("fixed_zone(1)", "bad argument #2 to 'fixed_zone' (number expected, got no value)", time.fixed_zone, "X")
    see.raises("too far east", "bad argument #2 to 'fixed_zone' (offset out of range)", time.fixed_zone, "X", 26 * 3600)
    see.raises("fixed_zone(nil)", "bad argument #1 to 'fixed_zone' (string expected, got nil)", time.fixed_zone, nil, 1)
    see.raises("in_location", "bad argument #2 to 'in_location' (location expected)", summer.in_location, summer, 1)
    see.raises("string", "bad argument #1 to 'string' (location expected)", berlin.string, 1)
end

local function moments()
    local date = time.date
    local t = date(2024, 5, 6, 7, 8, 9, 123000000, time.utc)
    see.equal("text", tostring(t), "2024-05-06 07:08:09.123 +0000 UTC")
    see.equal("month 13", tostring(date(2024, 13, 1, 0, 0, 0, 0, time.utc)), "2025-01-01 00:00:00 +0000 UTC")
    see.equal("day 0", tostring(date(2024, 3, 0, 0, 0, 0, 0, time.utc)), "2024-02-29 00:00:00 +0000 UTC")
    see.equal("before Christ", tostring(date(-5, 1, 1, 0, 0, 0, 0, time.utc)), "-0005-01-01 00:00:00 +0000 UTC")
    see.equal("seconds", tostring(date(2024, 1, 1, 0, 0, -1, -1, time.utc)), "2023-12-31 23:59:58.999999999 +0000 UTC")
    see.equal("floats", tostring(date(2024.0, 1.9, 1, 0, 0, 0, 0, time.utc)), "2024-01-01 00:00:00 +0000 UTC")
    see.equal("local", date(2024, 1, 1, 0, 0, 0, 0):location():string(), "Local")
    see.raises("six", "bad argument #7 to 'date' (number expected, got no value)", date, 1, 2, 3, 4, 5, 6)
    see.raises("text part", "bad argument #2 to 'date' (number expected, got string)", date, 1, "x", 3, 4, 5, 6, 7)
    see.raises("location", "bad argument #8 to 'date' (location expected)", date, 1, 2, 3, 4, 5, 6, 7, "UTC")
    see.raises("unix(1)", "bad argument #2 to 'unix' (number expected, got no value)", time.unix, 1)
    see.equal("unix", time.unix(1, 2500000000):utc():format("05.000"), "03.500")
    see.equal("negative", time.unix(1, -1):unix_nano(), 999999999)
    see.equal("unix_nano", t:unix_nano(), 1714979289123000000)
    see.equal("unix_nano of long ago", date(1, 1, 1, 0, 0, 0, 0, time.utc):unix_nano(), math.mininteger)
    see.equal("unix of it", t:unix(), 1714979289)
    see.results("date", { 2024, 5, 6 }, t:date())
    see.results("clock", { 7, 8, 9 }, t:clock())
    see.results("parts", { 2024, 5, 6, 7, 8, 9, 123000000, 1, 127 }, t:year(), t:month(), t:day(), t:hour(), t:minute(),
        t:second(), t:nanosecond(), t:weekday(), t:year_day())
    see.equal("add", tostring(t:add("1h")), "2024-05-06 08:08:09.123 +0000 UTC")
    see.raises("add", "bad argument #2 to 'add' (time: invalid duration \"x\")", t.add, t, "x")
    see.raises("add({})", "bad argument #2 to 'add' (duration must be number or string)", t.add, t, {})
    see.equal("sub", tostring(t:sub(t:add("-90m"))), "1h30m0s")
    see.raises("sub", "bad argument #2 to 'sub' (time expected)", t.sub, t, 1)
    see.equal("add_date", date(2023, 1, 31, 0, 0, 0, 0, time.utc):add_date(0, 1, 0):format(time.DATE_ONLY), "2023-03-03")
    see.raises("add_date", "bad argument #4 to 'add_date' (number expected, got no value)", t.add_date, t, 0, 1)
    see.results("compare", { true, false, false, true }, t:before(t:add(1)), t:before(t), t:after(t), t:equal(t:in_local()))
    see.raises("after", "bad argument #2 to 'after' (time expected)", t.after, t, 1)
    see.raises("before", "bad argument #2 to 'before' (time expected)", t.before, t)
    see.raises("equal", "bad argument #2 to 'equal' (time expected)", t.equal, t, "x")
    see.raises("receiver", "bad argument #1 to 'unix' (time expected)", t.unix, 1)
    see.equal("rfc3339", t:format_rfc3339(), "2024-05-06T07:08:09Z")
    see.raises("format", "bad argument #2 to 'format' (string expected, got no value)", t.format, t)
    see.equal("zero", date(1, 1, 1, 0, 0, 0, 0, time.utc):is_zero(), true)
    see.equal("not zero", t:is_zero(), false)
    local minute = time.parse_duration("1m")
    see.equal("truncate", t:truncate(minute):format(time.TIME_ONLY), "07:08:00")
    see.equal("round", date(2024, 1, 1, 0, 0, 30, 0, time.utc):round(minute):format(time.TIME_ONLY), "00:01:00")
    see.equal("round down", t:round(minute):format(time.TIME_ONLY), "07:08:00")
    see.equal("round by 0", t:round(time.parse_duration("0")):equal(t), true)
    see.raises("round", "bad argument #2 to 'round' (duration expected)", t.round, t, 1)
    see.raises("truncate", "bad argument #2 to 'truncate' (duration expected)", t.truncate, t, "1m")
    see.equal("no operators", t == date(2024, 5, 6, 7, 8, 9, 123000000, time.utc), false)
    see.equal("no <", pcall(function() return t < t end), false)
    see.equal("no ..", pcall(function() return t .. "" end), false)
    see.equal("not sent", process.send(process.pid(), "x", t), true)
    see.equal("nil there", process.listen("x"):receive(), nil)
    see.equal("huge parts raise", pcall(date, 1 << 62, 1 << 62, math.mininteger, 0, 0, 0, 0), false)
    see.equal("huge days raise", pcall(t.add_date, t, math.maxinteger, math.maxinteger, math.maxinteger), false)
    see.equal("huge clocks raise", pcall(date, 2024, 1, 1, math.maxinteger, math.maxinteger, math.maxinteger, math.maxinteger), false)
    see.equal("huge seconds raise", pcall(time.unix, math.maxinteger, math.maxinteger), false)
    see.equal("a huge span raises", pcall(t.add, t, math.maxinteger), true)
end

local function layouts()
    local t = time.date(2024, 2, 3, 4, 5, 6, 78900000, time.utc)
    for layout, shown in pairs {
        ["2006 06 January Jan 01 1 02 2 _2"] = "2024 24 February Feb 02 2 03 3  3",
        ["002 __2 Monday Mon"] = "034  34 Saturday Sat",
        ["15 03 3 04 4 05 5 PM pm MST"] = "04 04 4 05 5 06 6 AM am UTC",
        ["-0700 -07:00 -07 Z0700 Z07:00 Z07"] = "+0000 +00:00 +00 Z Z Z",
        ["05.000 05,000 05.999 05,99999 05.0"] = "06.078 06,078 06.078 06,0789 06.0",
        ["plain x"] = "plain x", [time.KITCHEN] = "4:05AM", [time.STAMP] = "Feb  3 04:05:06",
        [time.STAMP_MILLI] = "Feb  3 04:05:06.078", [time.STAMP_MICRO] = "Feb  3 04:05:06.078900",
        [time.STAMP_NANO] = "Feb  3 04:05:06.078900000", [time.RFC3339NANO] = "2024-02-03T04:05:06.0789Z",
        [time.RFC850] = "Saturday, 03-Feb-24 04:05:06 UTC", [time.RFC1123Z] = "Sat, 03 Feb 2024 04:05:06 +0000",
        [time.RFC822] = "03 Feb 24 04:05 UTC", [time.DATE_TIME] = "2024-02-03 04:05:06"
    } do
        see.equal("layout " .. layout, t:format(layout), shown)
    end
    local east = t:in_location(time.fixed_zone("E", 5400))
    see.equal("numeric zones", east:format("-0700 -07:00 -07 Z0700 Z07:00 Z07 MST"), "+0130 +01:30 +01 +0130 +01:30 +01 E")
    local parse = time.parse
    for _, case in ipairs {
        { time.DATE_ONLY, "2024-02-30", 'parsing time "2024-02-30": day out of range' },
        { time.DATE_ONLY, "2024-13-01", 'parsing time "2024-13-01": month out of range' },
        { time.TIME_ONLY, "25:00:00", 'parsing time "25:00:00": hour out of range' },
        { time.KITCHEN, "13:05AM", 'parsing time "13:05AM": hour out of range' },
        { time.TIME_ONLY, "05:60:00", 'parsing time "05:60:00": minute out of range' },
        { time.TIME_ONLY, "05:00:60", 'parsing time "05:00:60": second out of range' },
        { time.DATE_ONLY, "2024-01-01x", 'parsing time "2024-01-01x": extra text: "x"' },
        { time.DATE_ONLY, "24-01-01", 'parsing time "24-01-01" as "2006-01-02": cannot parse "24-01-01" as "2006"' },
        { time.DATE_ONLY, "2024/01/01", 'parsing time "2024/01/01" as "2006-01-02": cannot parse "/01/01" as "-"' },
        { time.DATE_ONLY, "", 'parsing time "" as "2006-01-02": cannot parse "" as "2006"' },
        { "Jan 2", "Foo 1", 'parsing time "Foo 1" as "Jan 2": cannot parse "Foo 1" as "Jan"' },
        { time.RFC3339, "2024-01-01T00:00:00", 'parsing time "2024-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"' }
    } do
        see.fails("parse " .. case[2], "Invalid", case[3], parse(case[1], case[2], time.utc))
    end
    see.equal("two-digit year", parse("06", "69", time.utc):year(), 1969)
    see.equal("another", parse("06", "68", time.utc):year(), 2068)
    see.equal("default zone", parse(time.DATE_ONLY, "2024-01-01"):location():string(), "Local")
    see.equal("zone from the text", tostring(parse(time.RFC3339, "2024-01-01T00:00:00+02:00")), "2024-01-01 00:00:00 +0200 +0200")
    for _, text in ipairs { "2024-05-06T07:08:09+02:00", "2024-05-06T07:08:09-03:30" } do
        local shown = parse(time.RFC3339, text):format(time.RFC1123)
        see.equal("back by its offset", parse(time.RFC1123, shown):format(time.RFC3339), text)
    end
    local kathmandu = time.load_location("Asia/Kathmandu")
    local shown = parse(time.DATE_ONLY, "2024-05-06", kathmandu):format(time.RFC1123)
    see.equal("called by its offset", shown, "Mon, 06 May 2024 00:00:00 +0545")
    see.equal("and back", parse(time.RFC1123, shown):format(time.RFC1123), shown)
    see.equal("utc from the text", tostring(parse(time.RFC3339, "2024-01-01T00:00:00Z")), "2024-01-01 00:00:00 +0000 UTC")
    see.equal("a fraction without one in the layout", parse(time.DATE_TIME, "2024-01-01 00:00:00.25", time.utc):nanosecond(), 250000000)
    see.equal("weekday is not checked", parse("Mon 2006-01-02", "Sun 2024-01-01", time.utc):weekday(), 1)
    see.equal("pm", parse("3:04PM", "3:04PM", time.utc):hour(), 15)
    see.equal("day of year", parse("2006 002", "2024 060", time.utc):format(time.DATE_ONLY), "2024-02-29")
    see.equal("named zone", tostring(parse(time.RFC1123, "Mon, 01 Jan 2024 00:00:00 UTC")), "2024-01-01 00:00:00 +0000 UTC")
    -- An abbreviation says which of two equal clocks is meant, and is kept where the location does not know it.
    local berlin = time.load_location("Europe/Berlin")
    for _, unix in ipairs { 1729989000, 1729992600, 1719792000 } do
        local shown = time.unix(unix, 0):in_location(berlin):format(time.RFC1123)
        see.equal("back by its name: " .. shown, parse(time.RFC1123, shown, berlin):unix(), unix)
    end
    for text, shown in pairs {
        ["Mon, 01 Jul 2024 02:30:00 CET"] = "2024-07-01 03:30:00 +0200 CEST",
        ["Sun, 31 Mar 2024 02:30:00 CET"] = "2024-03-31 03:30:00 +0200 CEST",
        ["Mon, 01 Jan 2024 02:30:00 CEST"] = "2024-01-01 01:30:00 +0100 CET",
        ["Mon, 01 Jul 2024 02:30:00 XYZ"] = "2024-07-01 02:30:00 +0000 XYZ"
    } do
        see.equal("named " .. text, tostring(parse(time.RFC1123, text, berlin)), shown)
    end
    see.equal("its location", parse(time.RFC1123, "Mon, 01 Jul 2024 02:30:00 CET", berlin):location():string(), "Europe/Berlin")
    see.equal("an unknown one", parse(time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST", time.utc):format(time.RFC1123), "Mon, 02 Jan 2006 15:04:05 MST")
    see.equal("more blanks", parse("Jan 2 15:04:05 2006", "Feb  3 04:05:06  2024", time.utc):format(time.DATE_TIME), "2024-02-03 04:05:06")
    see.equal("results", select("#", parse(time.DATE_ONLY, "2024-01-01")), 1)
    see.raises("parse(1)", "bad argument #2 to 'parse' (string expected, got no value)", parse, "x")
    see.raises("parse location", "bad argument #3 to 'parse' (location expected)", parse, "x", "y", 1)
end

local function timers()
    local after = time.after("1ms")
    local t, ok = after:receive()
    see.results("after", { "userdata", true, "Local" }, type(t), ok, t:location():string())
    see.results("then", { nil, false, n = 2 }, after:receive())
    local timer = time.timer("1h")
    see.equal("channel", timer:response(), timer:channel())
    see.equal("reset", timer:reset("1ms"), true)
    timer:channel():receive()
    see.results("closed", { nil, false, n = 2 }, timer:channel():receive())
    see.results("after firing", { false, false }, timer:reset("1ms"), timer:stop())
    timer = time.timer("1h")
    local woken = channel.new(1)
    coroutine.spawn(function()
        woken:send(select(2, timer:channel():receive()))
    end)
    see.equal("stop", timer:stop(), true)
    see.equal("who waited", woken:receive(), false)
    see.equal("reset a stopped one", timer:reset("1ms"), false)
    timer = time.timer("1h")
    see.raises("reset(0)", "timer:reset: duration must be > 0", timer.reset, timer, 0)
    see.raises("reset(-1)", "timer:reset: duration must be > 0", timer.reset, timer, "-1s")
    see.raises("reset(x)", 'timer:reset: time: invalid duration "x"', timer.reset, timer, "x")
    see.raises("reset()", "timer:reset: duration must be number or string", timer.reset, timer)
    timer:stop()
    local ticker = time.ticker("1ms")
    see.equal("no reset", ticker.reset, nil)
    see.equal("a tick", type((ticker:channel():receive())), "userdata")
    time.sleep("40ms")
    see.equal("ticker stop", ticker:stop(), true)
    see.equal("ticker stop again", ticker:stop(), true)
    local count = 0
    while select(2, ticker:response():receive()) do
        count = count + 1
    end
    see.equal("ticks kept", count, 16)
    local now = time.now()
    see.equal("now", math.abs(now:unix() - os.time()) <= 1, true)
    see.equal("its zone", now:location():string(), "Local")
    see.equal("no reading of a clock", string.find(tostring(now), "m=", 1, true), nil)
end

local function dates()
    see.equal("epoch", os.date("!%c", 0), "Thu Jan  1 00:00:00 1970")
    see.equal("most", os.date("!%a %A %b %B %d %H %I %j %m %M %p %S %w %x %X %y %Y %z %%", 0),
        "Thu Thursday Jan January 01 00 12 001 01 00 AM 00 4 01/01/70 00:00:00 70 1970 +0000 %")
    see.equal("weeks", os.date("!%W %U", 0), "01 01")
    see.equal("weeks of a year's end", os.date("!%W %U", 1609372800), "53 53")
    see.equal("zone", os.date("!%Z", 0), "UTC")
    see.equal("unknown", os.date("!%q %E %F %D %", 0), "%q %E %F %D %")
    local t = os.date("!*t", 86400)
    see.results("table", { 1970, 1, 2, 0, 0, 0, 6, 2, false }, t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst)
    see.equal("time", math.type(os.time()), "integer")
    local midnight = os.time { year = 2024, month = 1, day = 1 }
    see.equal("hour 0", os.date("%Y-%m-%d %X", midnight), "2024-01-01 00:00:00")
    see.equal("normalised", os.date("%Y-%m-%d", os.time { year = 2024, month = 14, day = 1 }), "2025-02-01")
    see.equal("no number", os.time { year = 2024, month = 1, day = 1, hour = "x" }, midnight)
    see.equal("a text is none", os.time { year = 2024, month = 1, day = 1, hour = "5", min = "7" }, midnight)
    see.equal("today", os.date("%Y", os.time {}), os.date("%Y"))
    see.raises("time(1)", "bad argument #1 to 'time' (table expected, got number)", function() return os.time(1) end)
    see.equal("difftime", os.difftime(5, 3), 2.0)
    see.equal("clock", os.clock() >= 0 and os.clock() < 60, true)
end

-- "Never" is often the last second of the last year with four digits.
local function the_end_of_time()
    local never = time.parse(time.RFC3339, "9999-12-31T23:59:59Z")
    see.equal("read back", never:format_rfc3339(), "9999-12-31T23:59:59Z")
    see.equal("unix", never:unix(), 253402300799)
    see.equal("from unix", time.unix(253402300799, 0):equal(never), true)
    see.equal("from parts", time.date(9999, 12, 31, 23, 59, 59, 0, time.utc):equal(never), true)
    see.results("parts", { 9999, 12, 31 }, never:date())
    see.equal("west of UTC", never:in_location(time.fixed_zone("W", -3600)):format(time.DATE_TIME), "9999-12-31 22:59:59")
    see.equal("later than now", never:after(time.now()), true)
    see.equal("a second before", tostring(never:sub(never:add("-1s"))), "1s")
    see.raises("beyond", "time out of range", never.add, never, "1s")
    see.raises("the year 10000", "time out of range", time.date, 10000, 1, 1, 0, 0, 0, 0, time.utc)
end

local function main()
    constants()
    durations()
    zones()
    moments()
    layouts()
    timers()
    dates()
    the_end_of_time()
    return see.done()
end

return { main = main }
