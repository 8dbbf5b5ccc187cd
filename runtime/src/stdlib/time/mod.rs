//! The `time` module: sleeping, timers as channels, times in zones, durations.

mod layout;
mod moment;
mod timer;
mod zone;

pub(crate) use layout::{MONTHS, WEEKDAYS};
use timer::{Kind, Start};
pub use timer::{ticker, timer};

use std::time::Duration;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::{Field, Module};
use crate::ops::number;
use crate::process::task::Operation;
use crate::process::timers;
use crate::results::Multi;
use crate::stdlib::{args, duration};
use crate::string::StaticStr;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

use moment::Moment;
use zone::{Location, Time, Zone};

/// A text constant.
macro_rules! text {
    ($text:literal) => {{
        static TEXT: StaticStr = StaticStr::new($text.as_bytes());
        Field::String(&TEXT)
    }};
}

crate::library! {
    pub static TIME = "time" {
        "now" => plain now,
        "sleep" => async sleep,
        "after" => async after,
        "timer" => async timer::timer,
        "ticker" => async timer::ticker,
        "date" => plain date,
        "unix" => plain unix,
        "parse" => plain parse,
        "parse_duration" => plain parse_duration,
        "load_location" => plain load_location,
        "fixed_zone" => plain fixed_zone,
        "utc" => value Field::Computed(|cx| constant_zone(cx, 0, Zone::Utc)),
        "localtz" => value Field::Computed(|cx| constant_zone(cx, 1, Zone::Local)),
        "NANOSECOND" => value Field::Int(1),
        "MICROSECOND" => value Field::Int(1_000),
        "MILLISECOND" => value Field::Int(1_000_000),
        "SECOND" => value Field::Int(1_000_000_000),
        "MINUTE" => value Field::Int(60_000_000_000),
        "HOUR" => value Field::Int(3_600_000_000_000),
        "JANUARY" => value Field::Int(1),
        "FEBRUARY" => value Field::Int(2),
        "MARCH" => value Field::Int(3),
        "APRIL" => value Field::Int(4),
        "MAY" => value Field::Int(5),
        "JUNE" => value Field::Int(6),
        "JULY" => value Field::Int(7),
        "AUGUST" => value Field::Int(8),
        "SEPTEMBER" => value Field::Int(9),
        "OCTOBER" => value Field::Int(10),
        "NOVEMBER" => value Field::Int(11),
        "DECEMBER" => value Field::Int(12),
        "SUNDAY" => value Field::Int(0),
        "MONDAY" => value Field::Int(1),
        "TUESDAY" => value Field::Int(2),
        "WEDNESDAY" => value Field::Int(3),
        "THURSDAY" => value Field::Int(4),
        "FRIDAY" => value Field::Int(5),
        "SATURDAY" => value Field::Int(6),
        "RFC3339" => value text!("2006-01-02T15:04:05Z07:00"),
        "RFC3339NANO" => value text!("2006-01-02T15:04:05.999999999Z07:00"),
        "RFC822" => value text!("02 Jan 06 15:04 MST"),
        "RFC822Z" => value text!("02 Jan 06 15:04 -0700"),
        "RFC850" => value text!("Monday, 02-Jan-06 15:04:05 MST"),
        "RFC1123" => value text!("Mon, 02 Jan 2006 15:04:05 MST"),
        "RFC1123Z" => value text!("Mon, 02 Jan 2006 15:04:05 -0700"),
        "KITCHEN" => value text!("3:04PM"),
        "STAMP" => value text!("Jan _2 15:04:05"),
        "STAMP_MILLI" => value text!("Jan _2 15:04:05.000"),
        "STAMP_MICRO" => value text!("Jan _2 15:04:05.000000"),
        "STAMP_NANO" => value text!("Jan _2 15:04:05.000000000"),
        "DATE_TIME" => value text!("2006-01-02 15:04:05"),
        "DATE_ONLY" => value text!("2006-01-02"),
        "TIME_ONLY" => value text!("15:04:05"),
    }
}

/// A zone that is the same value whenever it is read.
fn constant_zone(cx: Cx, place: usize, zone: Zone) -> Value {
    let known = cx.process().rare().zones.get(place).cloned().unwrap_or_default();
    if !known.is_nil() {
        return known;
    }
    let made = UserDataBox::new(cx, Location(zone));
    if let Some(known) = cx.process().rare().zones.get_mut(place) {
        *known = made.clone();
    }
    made
}

/// A duration argument in nanoseconds: a number, a text like `1.5s`, a Duration.
#[inline]
fn nanoseconds(value: Option<&Value>) -> Result<i64, String> {
    match value.and_then(Value::as_bytes) {
        Some(text) => duration::parse(text),
        None => nanoseconds_of_other(value),
    }
}

/// As [`nanoseconds`], of what is no text.
#[inline(never)]
fn nanoseconds_of_other(value: Option<&Value>) -> Result<i64, String> {
    let wrong = || "duration must be number or string".to_owned();
    let value = value.ok_or_else(wrong)?;
    if let Some(span) = value.downcast::<Span>() {
        return Ok(span.0);
    }
    let number =
        value.as_int().or_else(|| value.as_float().and_then(|float| number::float_to_int(float.trunc())));
    number.ok_or_else(wrong)
}

/// The duration that a timer waits for, in nanoseconds.
#[inline]
fn wait(args: &[Value], function: impl FnOnce() -> &'static str) -> Result<u64, String> {
    match u64::try_from(nanoseconds(args.first())?) {
        Ok(span @ 1..) => Ok(span),
        _ => Err(format!("{}: duration must be > 0", function())),
    }
}

/// `time.sleep(duration)`
///
/// # Errors
/// Nothing may suspend here.
pub async fn sleep(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let span = match nanoseconds(args.first()) {
        Ok(span) => span,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    timers::sleep(cx, Duration::from_nanos(u64::try_from(span).unwrap_or(0))).await?;
    Ok(Multi::none(cx))
}

/// `time.after(duration)`: a channel that gives one Time, then closes.
///
/// Its future fails where nothing may suspend.
#[inline]
pub fn after(cx: Cx, args: &[Value]) -> Operation<Start<'_>> {
    Start::operation(cx, args, Kind::After)
}

/// `time.now()`
///
/// # Errors
/// None.
pub fn now(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(now_value(cx))
}

/// The zone in an optional argument.
fn zone_or_local(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<Zone> {
    match args::get(args, position).filter(|zone| !zone.is_nil()) {
        None => Ok(Zone::Local),
        Some(_) => zone::location(cx, args, position, function).cloned(),
    }
}

/// `time.date(y, mo, d, h, mi, s, ns [, location])`: parts out of range are carried over.
///
/// # Errors
/// A part that is no number, a location that is none.
pub fn date(cx: Cx, args: &[Value]) -> LuaResult {
    let part = |position| args::integer(cx, args, position, "date");
    let (date, clock) = ((part(1)?, part(2)?, part(3)?), (part(4)?, part(5)?, part(6)?));
    let nanosecond = part(7)?;
    zone::from_parts(cx, date, clock, nanosecond, zone_or_local(cx, args, 8, "date")?)
}

/// `time.unix(seconds, nanoseconds)`
///
/// # Errors
/// Arguments that are no numbers, a time beyond the year 9999.
pub fn unix(cx: Cx, args: &[Value]) -> LuaResult {
    let (seconds, nanos) = (args::integer(cx, args, 1, "unix")?, args::integer(cx, args, 2, "unix")?);
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let at = Moment::new(total).ok_or_else(|| cx.throw_text("time out of range"))?;
    Ok(Time { at, zone: Zone::Local }.into_value(cx))
}

/// `time.parse(layout, text [, location])`
///
/// # Errors
/// Arguments that are no texts, a location that is none.
pub fn parse(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let layout = args::string(cx, args, 1, "parse")?;
    let text = args::string(cx, args, 2, "parse")?;
    let zone = zone_or_local(cx, args, 3, "parse")?;
    cx.spend_bytes(layout.len() + text.len())?;
    let parsed = match layout::parse(&String::from_utf8_lossy(&layout), &String::from_utf8_lossy(&text)) {
        Ok(parsed) => parsed,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    let at = parsed.at;
    let found = match (parsed.offset, parsed.zone) {
        (Some(0), _) => Zone::Utc.at_clock(at).map(|at| (at, Zone::Utc)),
        (Some(offset), name) => Zone::fixed(name.as_deref().unwrap_or_default(), offset)
            .and_then(|zone| Some((zone.at_clock(at)?, zone))),
        // An abbreviation says something to the location alone; what it does not know is kept as a name.
        (None, Some(name)) => match zone.at_clock_called(at, &name) {
            Some(at) => Some((at, zone)),
            None => Zone::fixed(&name, 0).and_then(|zone| Some((zone.at_clock(at)?, zone))),
        },
        (None, None) => zone.at_clock(at).map(|at| (at, zone)),
    };
    Ok(match found {
        Some((at, zone)) => Multi::one(cx, Time { at, zone }.into_value(cx)),
        None => cx.failure("Invalid", "time out of range"),
    })
}

/// `time.load_location(name)`
///
/// # Errors
/// A name that is no text.
pub fn load_location(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "load_location")?;
    let name = String::from_utf8_lossy(&name);
    if name.is_empty() {
        return Ok(cx.failure("Invalid", "empty location name"));
    }
    Ok(match Zone::load(&name) {
        Some(zone) => Multi::one(cx, UserDataBox::new(cx, Location(zone))),
        None => cx.failure("NotFound", format!("unknown time zone {name}")),
    })
}

/// `time.fixed_zone(name, seconds)`
///
/// # Errors
/// Arguments of other types, an offset beyond a day.
pub fn fixed_zone(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "fixed_zone")?;
    let seconds = args::integer(cx, args, 2, "fixed_zone")?;
    let zone = i32::try_from(seconds).ok();
    let zone = zone.and_then(|seconds| Zone::fixed(&String::from_utf8_lossy(&name), seconds));
    let zone = zone.ok_or_else(|| cx.throw_argument(2, "fixed_zone", "offset out of range"))?;
    Ok(UserDataBox::new(cx, Location(zone)))
}

/// `time.parse_duration(duration)`
///
/// # Errors
/// None.
pub fn parse_duration(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = args.first().cloned().unwrap_or_default();
    match nanoseconds(Some(&value)) {
        Ok(span) => Ok(Multi::one(cx, UserDataBox::new(cx, Span(span)))),
        Err(message) if value.as_bytes().is_some() => Ok(cx.failure("Invalid", message)),
        Err(_) => {
            let what = if value.type_name() == "userdata" { "duration" } else { "value" };
            Ok(cx.failure("Invalid", format!("invalid {what} type: {}", value.type_name())))
        }
    }
}

/// This moment, as Lua sees it.
pub(crate) fn now_value(cx: Cx) -> Value {
    let at = match &cx.process().system {
        Some(system) => system.wall_clock(),
        None => jiff::Timestamp::now(),
    };
    Time { at: at.into(), zone: Zone::Local }.into_value(cx)
}

/// A span of time in nanoseconds.
struct Span(i64);

crate::library! {
    static SPAN = "time.Duration" {
        "nanoseconds" => plain nanoseconds_of,
        "microseconds" => plain microseconds,
        "milliseconds" => plain milliseconds,
        "seconds" => plain seconds,
        "minutes" => plain minutes,
        "hours" => plain hours,
    }
}

/// The Duration in argument `position`, in nanoseconds.
fn span(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<i64> {
    let found = args::get(args, position).and_then(Value::downcast::<Span>);
    found.map(|span| span.0).ok_or_else(|| cx.throw_argument(position, function, "duration expected"))
}

fn duration_value(cx: Cx, nanoseconds: i64) -> Value {
    UserDataBox::new(cx, Span(nanoseconds))
}

fn nanoseconds_of(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "nanoseconds").map(Value::int)
}

fn microseconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "microseconds").map(|span| Value::int(span / 1_000))
}

fn milliseconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "milliseconds").map(|span| Value::int(span / 1_000_000))
}

fn seconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "seconds").map(|span| Value::float(number::int_to_float(span) / 1e9))
}

fn minutes(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "minutes").map(|span| Value::float(number::int_to_float(span) / 6e10))
}

fn hours(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, 1, "hours").map(|span| Value::float(number::int_to_float(span) / 3.6e12))
}

impl Methods for Span {
    const METHODS: &'static Module = &SPAN;
}

impl UserData for Span {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(duration::format(self.0).into_bytes())
    }
}
