//! The `time` module: sleeping, timers as channels, instants and durations.

use std::any::Any;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::{Field, Module};
use crate::ops::number;
use crate::process::task::host_operation;
use crate::process::timers;
use crate::results::Multi;
use crate::stdlib::{args, duration};
use crate::userdata::{UserData, UserDataBox};
use crate::value::Value;

crate::library! {
    pub static TIME = "time" {
        "now" => plain now,
        "sleep" => async sleep,
        "after" => async after,
        "parse_duration" => plain parse_duration,
        "NANOSECOND" => value Field::Int(1),
        "MICROSECOND" => value Field::Int(1_000),
        "MILLISECOND" => value Field::Int(1_000_000),
        "SECOND" => value Field::Int(1_000_000_000),
        "MINUTE" => value Field::Int(60_000_000_000),
        "HOUR" => value Field::Int(3_600_000_000_000),
    }
}

/// A duration argument in nanoseconds: a number, a text like `1.5s`, a Duration.
fn nanoseconds(value: Option<&Value>) -> Result<i64, String> {
    let wrong = || "duration must be number or string".to_owned();
    let value = value.ok_or_else(wrong)?;
    if let Some(span) = value.downcast::<Span>() {
        return Ok(span.0);
    }
    if let Some(bytes) = value.as_bytes() {
        return duration::parse(&String::from_utf8_lossy(bytes));
    }
    let number =
        value.as_int().or_else(|| value.as_float().and_then(|float| number::float_to_int(float.trunc())));
    number.ok_or_else(wrong)
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
/// # Errors
/// Nothing may suspend here.
pub async fn after(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let span = match nanoseconds(args.first()) {
        Ok(span) => u64::try_from(span).unwrap_or(0),
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    if span == 0 {
        return Ok(cx.failure("Invalid", "time.after: duration must be > 0"));
    }
    host_operation(cx).await?;
    let channel = Channel::new(cx, 1);
    cx.process().timers.start(cx, &channel, Duration::from_nanos(span), None);
    Ok(Multi::one(cx, channel))
}

/// `time.now()`
///
/// # Errors
/// None.
pub fn now(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(now_value(cx))
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
        Err(_) => Ok(cx.failure("Invalid", format!("invalid value type: {}", value.type_name()))),
    }
}

/// A point in time, in nanoseconds since 1970 UTC.
struct Instant(i64);

/// This moment, as Lua sees it.
pub(crate) fn now_value(cx: Cx) -> Value {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UserDataBox::new(cx, Instant(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)))
}

crate::library! {
    static INSTANT = "time.Time" {
        "unix" => plain unix,
        "unix_nano" => plain unix_nano,
        "sub" => plain sub,
        "after" => plain is_after,
        "before" => plain is_before,
        "equal" => plain equal,
    }
}

fn instant(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<i64> {
    let found = args::get(args, position).and_then(Value::downcast::<Instant>);
    found.map(|instant| instant.0).ok_or_else(|| cx.throw_argument(position, function, "time expected"))
}

fn unix(cx: Cx, args: &[Value]) -> LuaResult {
    instant(cx, args, 1, "unix").map(|at| Value::int(at.div_euclid(1_000_000_000)))
}

fn unix_nano(cx: Cx, args: &[Value]) -> LuaResult {
    instant(cx, args, 1, "unix_nano").map(Value::int)
}

fn sub(cx: Cx, args: &[Value]) -> LuaResult {
    let span = instant(cx, args, 1, "sub")?.saturating_sub(instant(cx, args, 2, "sub")?);
    Ok(UserDataBox::new(cx, Span(span)))
}

fn is_after(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(instant(cx, args, 1, "after")? > instant(cx, args, 2, "after")?))
}

fn is_before(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(instant(cx, args, 1, "before")? < instant(cx, args, 2, "before")?))
}

fn equal(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(instant(cx, args, 1, "equal")? == instant(cx, args, 2, "equal")?))
}

impl UserData for Instant {
    fn methods(&self) -> &'static Module {
        &INSTANT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
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

fn span(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<i64> {
    let found = args.first().and_then(Value::downcast::<Span>);
    found.map(|span| span.0).ok_or_else(|| cx.throw_argument(1, function, "duration expected"))
}

fn nanoseconds_of(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "nanoseconds").map(Value::int)
}

fn microseconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "microseconds").map(|span| Value::int(span / 1_000))
}

fn milliseconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "milliseconds").map(|span| Value::int(span / 1_000_000))
}

fn seconds(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "seconds").map(|span| Value::float(number::int_to_float(span) / 1e9))
}

fn minutes(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "minutes").map(|span| Value::float(number::int_to_float(span) / 6e10))
}

fn hours(cx: Cx, args: &[Value]) -> LuaResult {
    span(cx, args, "hours").map(|span| Value::float(number::int_to_float(span) / 3.6e12))
}

impl UserData for Span {
    fn methods(&self) -> &'static Module {
        &SPAN
    }
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(duration::format(self.0).into_bytes())
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
