//! Zones, and times as Lua sees them.

use std::rc::Rc;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::layout::{self, Shown};
use super::moment::{Moment, days_before};
use super::{duration_value, nanoseconds};
use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::module::Module;
use crate::results::Multi;
use crate::stdlib::args;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// A zone under the name it was asked for.
#[derive(Clone)]
pub enum Zone {
    Local,
    Utc,
    Named(Rc<(TimeZone, String)>),
}

impl Zone {
    fn rules(&self) -> TimeZone {
        match self {
            Zone::Local => TimeZone::system(),
            Zone::Utc => TimeZone::UTC,
            Zone::Named(named) => named.0.clone(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Zone::Local => "Local",
            Zone::Utc => "UTC",
            Zone::Named(named) => &named.1,
        }
    }

    /// A zone that is always so many seconds east of UTC, less than 26 hours.
    pub fn fixed(name: &str, seconds: i32) -> Option<Zone> {
        let offset = Offset::from_seconds(seconds).ok()?;
        Some(Zone::Named(Rc::new((TimeZone::fixed(offset), name.to_owned()))))
    }

    /// `UTC`, `Local` or a name of the zone database.
    pub fn load(name: &str) -> Option<Zone> {
        match name {
            "UTC" => Some(Zone::Utc),
            "Local" => Some(Zone::Local),
            _ => {
                // The database finds names in any letter case; a file of that name would not.
                let found = TimeZone::get(name).ok().filter(|found| found.iana_name() == Some(name))?;
                Some(Zone::Named(Rc::new((found, name.to_owned()))))
            }
        }
    }

    /// The time at which a clock in this zone shows `clock`.
    ///
    /// A clock that was set back has shown it twice: the first time counts. One that was set on never did: it is
    /// taken for one that was not set.
    pub fn at_clock(&self, clock: DateTime) -> Option<Moment> {
        Moment::of_clock(clock, offsets(&self.rules(), clock).0)
    }

    /// The same where the zone's time is called `name`, as `CET` or `CEST`. Which of the two a clock means that was set
    /// back is said by the name; a name of another season counts too.
    pub fn at_clock_called(&self, clock: DateTime, name: &str) -> Option<Moment> {
        let rules = self.rules();
        let (first, second) = offsets(&rules, clock);
        for offset in [first, second] {
            let at = Moment::of_clock(clock, offset)?;
            let info = rules.to_offset_info(at.near());
            if info.offset() == offset && info.abbreviation() == name {
                return Some(at);
            }
        }
        let around = Moment::of_clock(clock, first)?.near();
        let mut changes = rules.preceding(around).chain(rules.following(around).take(4));
        let change = changes.find(|change| change.abbreviation() == name)?;
        Moment::of_clock(clock, change.offset())
    }
}

/// How far from UTC a clock that shows `clock` may be: before it is set and after, or twice the same.
fn offsets(rules: &TimeZone, clock: DateTime) -> (Offset, Offset) {
    match rules.to_ambiguous_timestamp(clock).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, offset),
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => (before, after),
    }
}

crate::library! {
    static LOCATION = "time.Location" {
        "string" => plain location_name,
    }
}

/// A zone as a value.
pub struct Location(pub Zone);

impl Methods for Location {
    const METHODS: &'static Module = &LOCATION;
}

impl UserData for Location {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(self.0.name().as_bytes().to_vec())
    }
}

fn location_name(cx: Cx, args: &[Value]) -> LuaResult {
    location(cx, args, 1, "string").map(|zone| zone.name().into())
}

/// The zone in argument `position`.
pub fn location<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<&'a Zone> {
    let found = args::get(args, position).and_then(Value::downcast::<Location>);
    found
        .map(|location| &location.0)
        .ok_or_else(|| cx.throw_argument(position, function, "location expected"))
}

/// A moment, shown in a zone.
#[derive(Clone)]
pub struct Time {
    pub at: Moment,
    pub zone: Zone,
}

crate::library! {
    static TIME_METHODS = "time.Time" {
        "add" => plain add,
        "sub" => plain sub,
        "add_date" => plain add_date,
        "after" => plain is_after,
        "before" => plain is_before,
        "equal" => plain equal,
        "format" => plain format,
        "format_rfc3339" => plain format_rfc3339,
        "unix" => plain unix,
        "unix_nano" => plain unix_nano,
        "date" => plain date,
        "clock" => plain clock,
        "year" => plain year,
        "month" => plain month,
        "day" => plain day,
        "hour" => plain hour,
        "minute" => plain minute,
        "second" => plain second,
        "nanosecond" => plain nanosecond,
        "weekday" => plain weekday,
        "year_day" => plain year_day,
        "is_zero" => plain is_zero,
        "in_location" => plain in_location,
        "utc" => plain utc,
        "in_local" => plain in_local,
        "location" => plain location_of,
        "round" => plain round,
        "truncate" => plain truncate,
    }
}

impl Methods for Time {
    const METHODS: &'static Module = &TIME_METHODS;
}

impl UserData for Time {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(self.show("2006-01-02 15:04:05.999999999 -0700 MST").into_bytes())
    }
}

/// 0001-01-01 00:00:00 UTC, in seconds since 1970.
const ZERO_SECONDS: i64 = -62_135_596_800;

impl Time {
    pub fn into_value(self, cx: Cx) -> Value {
        UserDataBox::new(cx, self)
    }

    /// What a clock in its zone shows.
    fn shown(&self) -> DateTime {
        self.at.shown(self.zone.rules().to_offset(self.at.near()))
    }

    pub fn show(&self, layout: &str) -> String {
        let rules = self.zone.rules();
        let info = rules.to_offset_info(self.at.near());
        let name = match &self.zone {
            // A fixed zone is called what it was named.
            Zone::Named(named) if named.0.to_fixed_offset().is_ok() => &named.1,
            _ => info.abbreviation(),
        };
        let offset = info.offset();
        let shown = Shown { at: self.at.shown(offset), offset: offset.seconds(), zone: name };
        layout::format(&shown, layout)
    }
}

fn time<'a>(cx: Cx, args: &'a [Value], position: usize, function: &'static str) -> LuaResult<&'a Time> {
    let found = args::get(args, position).and_then(Value::downcast::<Time>);
    found.ok_or_else(|| cx.throw_argument(position, function, "time expected"))
}

#[cold]
fn out_of_range(cx: Cx) -> Thrown {
    cx.throw_text("time out of range")
}

/// A number of nanoseconds, saturating.
fn saturated(nanoseconds: i128) -> i64 {
    i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX })
}

fn moved(cx: Cx, time: &Time, nanoseconds: i128) -> LuaResult {
    let at = Moment::new(time.at.nanoseconds() + nanoseconds).ok_or_else(|| out_of_range(cx))?;
    Ok(Time { at, zone: time.zone.clone() }.into_value(cx))
}

fn add(cx: Cx, args: &[Value]) -> LuaResult {
    let own = time(cx, args, 1, "add")?;
    match nanoseconds(args.get(1)) {
        Ok(span) => moved(cx, own, span.into()),
        Err(message) => Err(cx.throw_argument(2, "add", message)),
    }
}

fn sub(cx: Cx, args: &[Value]) -> LuaResult {
    let span = time(cx, args, 1, "sub")?.at.nanoseconds() - time(cx, args, 2, "sub")?.at.nanoseconds();
    Ok(duration_value(cx, saturated(span)))
}

fn add_date(cx: Cx, args: &[Value]) -> LuaResult {
    let own = time(cx, args, 1, "add_date")?;
    let at = own.shown();
    let part = |position: usize| args::integer(cx, args, position, "add_date");
    let date = (
        part(2)?.saturating_add(at.year().into()),
        part(3)?.saturating_add(at.month().into()),
        part(4)?.saturating_add(at.day().into()),
    );
    let clock = (at.hour().into(), at.minute().into(), at.second().into());
    from_parts(cx, date, clock, at.subsec_nanosecond().into(), own.zone.clone())
}

/// A time from the parts a clock in `zone` shows; each may be beyond its range.
pub fn from_parts(
    cx: Cx,
    (year, month, day): (i64, i64, i64),
    (hour, minute, second): (i64, i64, i64),
    nanosecond: i64,
    zone: Zone,
) -> LuaResult {
    let checked = || {
        let months = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
        let days = days_before(months.div_euclid(12), months.rem_euclid(12) + 1)?
            .checked_add(day.checked_sub(1)?)?;
        let seconds = days.checked_mul(86_400)?.checked_add(hour.checked_mul(3600)?)?;
        let seconds = seconds.checked_add(minute.checked_mul(60)?)?.checked_add(second)?;
        let clock = Moment::new(i128::from(seconds) * 1_000_000_000 + i128::from(nanosecond))?;
        zone.at_clock(clock.shown(Offset::UTC))
    };
    let at = checked().ok_or_else(|| out_of_range(cx))?;
    Ok(Time { at, zone }.into_value(cx))
}

fn is_after(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(time(cx, args, 1, "after")?.at > time(cx, args, 2, "after")?.at))
}

fn is_before(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(time(cx, args, 1, "before")?.at < time(cx, args, 2, "before")?.at))
}

fn equal(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(time(cx, args, 1, "equal")?.at == time(cx, args, 2, "equal")?.at))
}

fn format(cx: Cx, args: &[Value]) -> LuaResult {
    let own = time(cx, args, 1, "format")?;
    let layout = args::string(cx, args, 2, "format")?;
    cx.spend_bytes(layout.len())?;
    Ok(own.show(&String::from_utf8_lossy(&layout)).into())
}

fn format_rfc3339(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(time(cx, args, 1, "format_rfc3339")?.show("2006-01-02T15:04:05Z07:00").into())
}

fn unix(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::int(
        time(cx, args, 1, "unix")?.at.nanoseconds().div_euclid(1_000_000_000).try_into().unwrap_or(0),
    ))
}

fn unix_nano(cx: Cx, args: &[Value]) -> LuaResult {
    time(cx, args, 1, "unix_nano").map(|time| Value::int(saturated(time.at.nanoseconds())))
}

fn date(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let at = time(cx, args, 1, "date")?.shown();
    let parts = [i64::from(at.year()), at.month().into(), at.day().into()];
    Ok(Multi::from_values(cx, parts.map(Value::int)))
}

fn clock(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let at = time(cx, args, 1, "clock")?.shown();
    let parts = [i64::from(at.hour()), at.minute().into(), at.second().into()];
    Ok(Multi::from_values(cx, parts.map(Value::int)))
}

/// Defines the methods that give one part of a time.
macro_rules! parts {
    ($($name:ident: $part:expr;)*) => {$(
        fn $name(cx: Cx, args: &[Value]) -> LuaResult {
            let part: fn(&DateTime) -> i64 = $part;
            time(cx, args, 1, stringify!($name)).map(|time| Value::int(part(&time.shown())))
        }
    )*};
}

parts! {
    year: |at| at.year().into();
    month: |at| at.month().into();
    day: |at| at.day().into();
    hour: |at| at.hour().into();
    minute: |at| at.minute().into();
    second: |at| at.second().into();
    nanosecond: |at| at.subsec_nanosecond().into();
    weekday: |at| layout::weekday_number(at.weekday());
    year_day: |at| at.day_of_year().into();
}

fn is_zero(cx: Cx, args: &[Value]) -> LuaResult {
    let at = time(cx, args, 1, "is_zero")?.at;
    Ok(Value::bool(at.nanoseconds() == i128::from(ZERO_SECONDS) * 1_000_000_000))
}

fn shown_in(cx: Cx, time: &Time, zone: Zone) -> Value {
    Time { at: time.at, zone }.into_value(cx)
}

fn in_location(cx: Cx, args: &[Value]) -> LuaResult {
    let zone = location(cx, args, 2, "in_location")?.clone();
    Ok(shown_in(cx, time(cx, args, 1, "in_location")?, zone))
}

fn utc(cx: Cx, args: &[Value]) -> LuaResult {
    time(cx, args, 1, "utc").map(|time| shown_in(cx, time, Zone::Utc))
}

fn in_local(cx: Cx, args: &[Value]) -> LuaResult {
    time(cx, args, 1, "in_local").map(|time| shown_in(cx, time, Zone::Local))
}

fn location_of(cx: Cx, args: &[Value]) -> LuaResult {
    let zone = time(cx, args, 1, "location")?.zone.clone();
    Ok(UserDataBox::new(cx, Location(zone)))
}

/// The distance of a time from the multiple of `span` before it, counted from the zero time.
fn remainder(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Option<(i128, i128)>> {
    let own = time(cx, args, 1, function)?;
    let span = super::span(cx, args, 2, function)?;
    let since = own.at.nanoseconds() - i128::from(ZERO_SECONDS) * 1_000_000_000;
    Ok((span > 0).then(|| (since.rem_euclid(span.into()), span.into())))
}

fn truncate(cx: Cx, args: &[Value]) -> LuaResult {
    let over = remainder(cx, args, "truncate")?.map_or(0, |(over, _)| over);
    moved(cx, time(cx, args, 1, "truncate")?, -over)
}

fn round(cx: Cx, args: &[Value]) -> LuaResult {
    let step = match remainder(cx, args, "round")? {
        Some((over, span)) if over * 2 >= span => span - over,
        Some((over, _)) => -over,
        None => 0,
    };
    moved(cx, time(cx, args, 1, "round")?, step)
}
