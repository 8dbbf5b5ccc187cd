//! The `os` library: times and dates in every program; files, environment and exit in scripts.

use std::sync::LazyLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::results::Multi;
use crate::stdlib::args;
use crate::stdlib::os_date::{self, Moment};
use crate::string::StaticStr;
use crate::table::Table;
use crate::value::Value;

pub use super::os_script::{OS as SCRIPT_OS, execute, exit, getenv, remove, rename, setlocale, tmpname};

crate::library! {
    /// `os` as applications see it.
    pub static OS = "os" {
        "clock" => plain clock,
        "date" => plain date,
        "difftime" => plain difftime,
        "time" => plain time,
        "platform" => value {
            static TEXT: StaticStr = StaticStr::new(b"wippy");
            Field::String(&TEXT)
        },
    }
}

/// When the program started, or nearly so.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Starts the clock that applications read.
pub(crate) fn start_clock() {
    LazyLock::force(&START);
}

/// `os.clock()`: seconds since the program started; in scripts, of CPU time.
///
/// # Errors
/// None.
pub fn clock(cx: Cx, _: &[Value]) -> LuaResult {
    let simulated = cx.process().system.as_ref().filter(|system| system.scheduler().is_simulated());
    let seconds = match simulated {
        Some(system) => std::time::Duration::from_nanos(system.scheduler().now()).as_secs_f64(),
        None if cx.is_script() => cpu_seconds(),
        None => START.elapsed().as_secs_f64(),
    };
    Ok(Value::float(seconds))
}

fn cpu_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills the struct it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    crate::ops::number::int_to_float(time.tv_sec) + crate::ops::number::int_to_float(time.tv_nsec) / 1e9
}

/// Seconds since 1970.
fn now(cx: Cx) -> i64 {
    if let Some(system) = &cx.process().system {
        return system.wall_clock().as_second();
    }
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}

/// `os.difftime(a, b)`
///
/// # Errors
/// No numbers.
pub fn difftime(cx: Cx, args: &[Value]) -> LuaResult {
    let (a, b) = if cx.is_script() {
        let a = args::integer(cx, args, 1, "os.difftime")?;
        let b = args::integer(cx, args, 2, "os.difftime")?;
        (crate::ops::number::int_to_float(a), crate::ops::number::int_to_float(b))
    } else {
        (args::number(cx, args, 1, "os.difftime")?, args::number(cx, args, 2, "os.difftime")?)
    };
    Ok(Value::float(a - b))
}

/// `os.time([table])`: now, or the moment that local date and time name.
///
/// # Errors
/// No table; fields that are missing or no integers (scripts).
pub fn time(cx: Cx, args: &[Value]) -> LuaResult {
    let is_now = if cx.is_script() { args::present(args, 1).is_none() } else { args.is_empty() };
    if is_now {
        return Ok(Value::int(now(cx)));
    }
    let table = args::table(cx, args, 1, "os.time")?;
    let seconds = if cx.is_script() { script_time(cx, table)? } else { application_time(cx, table) };
    match seconds {
        Some(seconds) => Ok(Value::int(seconds)),
        None => Err(cx.throw_text("time result cannot be represented in this installation")),
    }
}

/// Absent fields are today's date and midnight; what is no number counts as absent.
fn application_time(cx: Cx, table: &Table) -> Option<i64> {
    let today = Moment::local(now(cx))?;
    let field = |name: &str, default: i64| {
        let value = table.get_text(name);
        value.as_int().or_else(|| value.as_float().map(|float| float as i64)).unwrap_or(default)
    };
    os_date::seconds(
        field("year", today.year),
        field("month", today.month),
        field("day", today.day),
        [field("hour", 0), field("min", 0), field("sec", 0)],
        None,
    )
}

/// Day, month and year are required, the hour is noon, and the table is normalised.
fn script_time(cx: Cx, table: &Table) -> LuaResult<Option<i64>> {
    let field = |name: &str, default: Option<i64>| -> LuaResult<i64> {
        let value = table.get_text(name);
        match (crate::ops::number::to_int(&value), default) {
            (Some(number), _) if number.unsigned_abs() > u64::from(u32::MAX / 4) => {
                Err(cx.throw_text(format!("field '{name}' is out-of-bound")))
            }
            (Some(number), _) => Ok(number),
            (None, _) if !value.is_nil() => Err(cx.throw_text(format!("field '{name}' is not an integer"))),
            (None, Some(default)) => Ok(default),
            (None, None) => Err(cx.throw_text(format!("field '{name}' missing in date table"))),
        }
    };
    let (sec, min, hour) = (field("sec", Some(0))?, field("min", Some(0))?, field("hour", Some(12))?);
    let (day, month, year) = (field("day", None)?, field("month", None)?, field("year", None)?);
    let isdst = Some(table.get_text("isdst")).filter(|flag| !flag.is_nil()).map(|flag| flag.truthy());
    let seconds = os_date::seconds(year, month, day, [hour, min, sec], isdst);
    if let Some(moment) = seconds.and_then(Moment::local) {
        moment.fill(table);
    }
    Ok(seconds)
}

/// `os.date([format [, time]])`
///
/// # Errors
/// Wrong arguments, an unknown conversion (scripts).
pub fn date(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let given = |position: usize| {
        if cx.is_script() { args::present(args, position).is_some() } else { args.len() >= position }
    };
    let format = if given(1) { args::string(cx, args, 1, "os.date")? } else { b"%c"[..].into() };
    let seconds = if given(2) { args::integer(cx, args, 2, "os.date")? } else { now(cx) };
    let (is_utc, format) = match format.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, &*format),
    };
    let moment = if is_utc { Moment::utc(seconds, cx.is_script()) } else { Moment::local(seconds) };
    let Some(moment) = moment else {
        return Err(cx.throw_text("time result cannot be represented in this installation"));
    };
    if format == b"*t" {
        let value = Table::with_capacity(cx, 0, 9);
        if let Some(table) = value.as_table() {
            moment.fill(table);
        }
        return Ok(Multi::one(cx, value));
    }
    match moment.format(format, cx.is_script()) {
        Ok(text) => Ok(Multi::one(cx, text.into())),
        Err(rest) => {
            let rest = String::from_utf8_lossy(rest);
            Err(cx.throw_argument(1, "os.date", format!("invalid conversion specifier '%{rest}'")))
        }
    }
}
