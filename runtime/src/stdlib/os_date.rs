//! Moments as calendars and clocks show them: from seconds, to seconds, and as text by C's
//! conversions (in the C locale).

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::stdlib::time::{MONTHS, WEEKDAYS};
use crate::table::Table;
use crate::value::Value;

/// A moment in one time zone.
pub struct Moment {
    pub year: i64,
    /// From 1.
    pub month: i64,
    pub day: i64,
    hour: i64,
    min: i64,
    sec: i64,
    /// From 0, Sunday.
    wday: i64,
    /// From 0.
    yday: i64,
    is_dst: bool,
    /// East of Greenwich, in seconds.
    offset: i64,
    zone: String,
}

/// The moment that a local date and time name, out-of-range fields normalised; `None` beyond what
/// the calendar covers. `is_dst` says in which of the two clocks the hour is meant.
pub fn seconds(
    year: i64,
    month: i64,
    day: i64,
    [hour, min, sec]: [i64; 3],
    is_dst: Option<bool>,
) -> Option<i64> {
    let naive = days_since_epoch(year, month, day)?
        .checked_mul(86_400)?
        .checked_add(hour.checked_mul(3600)?)?
        .checked_add(min.checked_mul(60)?)?
        .checked_add(sec)?;
    let (naive, cycles) = folded(naive)?;
    let local = naive.to_zoned(TimeZone::UTC).datetime();
    let zone = TimeZone::system();
    let stamp = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    let shift = match (is_dst, zone.to_offset_info(stamp).dst().is_dst()) {
        (Some(true), false) => -3600,
        (Some(false), true) => 3600,
        _ => 0,
    };
    cycles.checked_mul(CYCLE)?.checked_add(stamp.as_second() + shift)
}

/// After so many seconds, 400 years, the calendar begins again, with the same day of the week.
const CYCLE: i64 = 146_097 * 86_400;

/// A moment that the calendar covers, and how many cycles it is away from the one that is meant.
fn folded(seconds: i64) -> Option<(Timestamp, i64)> {
    if let Ok(stamp) = Timestamp::from_second(seconds) {
        return Some((stamp, 0));
    }
    let stamp = Timestamp::from_second(seconds.rem_euclid(CYCLE)).ok()?;
    Some((stamp, seconds.div_euclid(CYCLE)))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; month and day may be out of range.
fn days_since_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let months = year.checked_mul(12)?.checked_add(month - 1)?;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    // Years that start in March, so that a leap day is the last of its year.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let day_of_year = (153 * month + 2) / 5;
    let days = year.checked_mul(365)? + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days.checked_add(day_of_year)?.checked_add(day - 1)?.checked_sub(719_468)
}

/// The conversions that applications know beside those of weeks.
const OF_APPLICATIONS: &[u8] = b"aAbBcdHIjmMpSwxXyYzZ%";

impl Moment {
    pub fn local(seconds: i64) -> Option<Moment> {
        Moment::new(seconds, &TimeZone::system())
    }

    /// Scripts call the zone as C does, applications by its own name.
    pub fn utc(seconds: i64, is_script: bool) -> Option<Moment> {
        let zone = if is_script { "GMT" } else { "UTC" };
        Some(Moment { zone: zone.to_owned(), ..Moment::new(seconds, &TimeZone::UTC)? })
    }

    fn new(seconds: i64, zone: &TimeZone) -> Option<Moment> {
        let (stamp, cycles) = folded(seconds)?;
        let info = zone.to_offset_info(stamp);
        let time = stamp.to_zoned(zone.clone()).datetime();
        let year = i64::from(time.year()) + 400 * cycles;
        // C counts years from 1900 on in 32 bits.
        i32::try_from(year - 1900).ok()?;
        Some(Moment {
            year,
            month: time.month().into(),
            day: time.day().into(),
            hour: time.hour().into(),
            min: time.minute().into(),
            sec: time.second().into(),
            wday: time.weekday().to_sunday_zero_offset().into(),
            yday: i64::from(time.day_of_year()) - 1,
            is_dst: info.dst().is_dst(),
            offset: info.offset().seconds().into(),
            zone: info.abbreviation().to_owned(),
        })
    }

    /// Stores the fields that `os.date("*t")` gives.
    pub fn fill(&self, table: &Table) {
        for (name, value) in [
            ("sec", self.sec),
            ("min", self.min),
            ("hour", self.hour),
            ("day", self.day),
            ("month", self.month),
            ("year", self.year),
            ("wday", self.wday + 1),
            ("yday", self.yday + 1),
        ] {
            table.set_text(name, Value::int(value));
        }
        table.set_text("isdst", Value::bool(self.is_dst));
    }

    /// The text of the conversions in `format`: those of C in scripts, in applications those of their own.
    ///
    /// # Errors
    /// What stands behind the `%` of a conversion that scripts do not know; in applications that stays as
    /// text.
    pub fn format<'a>(&self, format: &'a [u8], is_script: bool) -> Result<Vec<u8>, &'a [u8]> {
        let mut text = Vec::new();
        let mut rest = format;
        while let Some(at) = memchr::memchr(b'%', rest) {
            let (before, after) = rest.split_at(at);
            text.extend_from_slice(before);
            let conversion = after.get(1..).unwrap_or_default();
            rest = match self.convert(conversion, is_script) {
                Some((converted, rest)) => {
                    text.extend(converted.into_bytes());
                    rest
                }
                None if is_script => return Err(conversion),
                None => {
                    text.push(b'%');
                    conversion
                }
            };
        }
        text.extend_from_slice(rest);
        Ok(text)
    }

    /// One conversion, and what stands behind it.
    fn convert<'a>(&self, conversion: &'a [u8], is_script: bool) -> Option<(String, &'a [u8])> {
        if !is_script {
            let (specifier, rest) = conversion.split_first()?;
            let field = match specifier {
                // Weeks are counted in one way only.
                b'U' | b'W' => self.field(b'V'),
                specifier if OF_APPLICATIONS.contains(specifier) => self.field(*specifier),
                _ => None,
            };
            return Some((field?, rest));
        }
        let (specifier, rest) = match conversion {
            // The alternative forms are the plain ones in the C locale.
            [b'E', specifier, rest @ ..] if b"cCxXyY".contains(specifier) => (specifier, rest),
            [b'O', specifier, rest @ ..] if b"deHImMSuUVwWy".contains(specifier) => (specifier, rest),
            [specifier, rest @ ..] => (specifier, rest),
            [] => return None,
        };
        Some((self.field(*specifier)?, rest))
    }

    fn field(&self, specifier: u8) -> Option<String> {
        let name = |names: &[&'static str], index: i64| {
            usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or("?")
        };
        let short = |name: &'static str| name.get(..3).unwrap_or(name).to_owned();
        let (day, month) = (name(&WEEKDAYS, self.wday), name(&MONTHS, self.month - 1));
        let hour12 = (self.hour + 11) % 12 + 1;
        let half = if self.hour < 12 { "AM" } else { "PM" };
        let clock = format!("{:02}:{:02}:{:02}", self.hour, self.min, self.sec);
        let (iso_year, iso_week) = self.iso_week();
        Some(match specifier {
            b'a' => short(day),
            b'A' => day.to_owned(),
            b'b' | b'h' => short(month),
            b'B' => month.to_owned(),
            b'c' => format!("{} {} {:2} {clock} {}", short(day), short(month), self.day, self.year),
            b'C' => format!("{:02}", self.year.div_euclid(100)),
            b'd' => format!("{:02}", self.day),
            b'D' | b'x' => format!("{:02}/{:02}/{:02}", self.month, self.day, self.year.rem_euclid(100)),
            b'e' => format!("{:2}", self.day),
            b'F' => format!("{}-{:02}-{:02}", self.year, self.month, self.day),
            b'g' => format!("{:02}", iso_year.rem_euclid(100)),
            b'G' => iso_year.to_string(),
            b'H' => format!("{:02}", self.hour),
            b'I' => format!("{hour12:02}"),
            b'j' => format!("{:03}", self.yday + 1),
            b'm' => format!("{:02}", self.month),
            b'M' => format!("{:02}", self.min),
            b'n' => "\n".to_owned(),
            b'p' => half.to_owned(),
            b'r' => format!("{hour12:02}:{:02}:{:02} {half}", self.min, self.sec),
            b'R' => format!("{:02}:{:02}", self.hour, self.min),
            b'S' => format!("{:02}", self.sec),
            b't' => "\t".to_owned(),
            b'T' | b'X' => clock,
            b'u' => ((self.wday + 6) % 7 + 1).to_string(),
            b'U' => format!("{:02}", (self.yday + 7 - self.wday) / 7),
            b'V' => format!("{iso_week:02}"),
            b'w' => self.wday.to_string(),
            b'W' => format!("{:02}", (self.yday + 7 - (self.wday + 6) % 7) / 7),
            b'y' => format!("{:02}", self.year.rem_euclid(100)),
            b'Y' => self.year.to_string(),
            b'z' => {
                let (sign, offset) = if self.offset < 0 { ('-', -self.offset) } else { ('+', self.offset) };
                format!("{sign}{:02}{:02}", offset / 3600, offset / 60 % 60)
            }
            b'Z' => self.zone.clone(),
            b'%' => "%".to_owned(),
            _ => return None,
        })
    }

    /// The ISO year and week: weeks start on Monday, the first has the year's first Thursday.
    fn iso_week(&self) -> (i64, i64) {
        let monday_first = (self.wday + 6) % 7;
        let week = (self.yday - monday_first + 10) / 7;
        let weeks_in = |year: i64| {
            let january_first = days_since_epoch(year, 1, 1).unwrap_or(0);
            let thursday = (january_first + 4).rem_euclid(7) == 4;
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            if thursday || (is_leap && (january_first + 4).rem_euclid(7) == 3) { 53 } else { 52 }
        };
        match week {
            0 => (self.year - 1, weeks_in(self.year - 1)),
            53 if weeks_in(self.year) == 52 => (self.year + 1, 1),
            week => (self.year, week),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(seconds: i64, format: &str) -> String {
        String::from_utf8(Moment::utc(seconds, true).unwrap().format(format.as_bytes(), true).unwrap())
            .unwrap()
    }

    #[test]
    fn the_epoch_and_a_leap_day_are_written_as_c_writes_them() {
        assert_eq!(utc(0, "%c"), "Thu Jan  1 00:00:00 1970");
        assert_eq!(
            utc(0, "%x %X %p %A %B %j %U %W %V %G %u %w"),
            "01/01/70 00:00:00 AM Thursday January 001 00 00 01 1970 4 4"
        );
        assert_eq!(utc(951_827_696, "%F %T %j %a"), "2000-02-29 12:34:56 060 Tue");
        assert_eq!(utc(1_609_459_199, "%G-W%V %I %r %C %e"), "2020-W53 11 11:59:59 PM 20 31");
        assert_eq!(utc(1_262_304_000, "%G-W%V"), "2009-W53");
        assert_eq!(utc(0, "%z %Z %% %n%t"), "+0000 GMT % \n\t");
    }

    #[test]
    fn applications_count_weeks_as_iso_does_and_know_fewer_conversions() {
        let text = |seconds, format: &'static str| {
            Moment::utc(seconds, false).unwrap().format(format.as_bytes(), false).unwrap()
        };
        assert_eq!(text(0, "%W %U %Z %F %V %%"), b"01 01 UTC %F %V %");
        assert_eq!(text(1_262_304_000, "%W %U"), b"53 53");
    }

    #[test]
    fn unknown_conversions_are_refused_or_kept() {
        let moment = Moment::utc(0, true).unwrap();
        assert_eq!(moment.format(b"a %Q b", true), Err(&b"Q b"[..]));
        assert_eq!(moment.format(b"a %Q %", false), Ok(b"a %Q %".to_vec()));
    }

    #[test]
    fn fields_out_of_range_are_normalised() {
        assert_eq!(days_since_epoch(1970, 1, 1), Some(0));
        assert_eq!(days_since_epoch(1970, 13, 1), Some(365));
        assert_eq!(days_since_epoch(1970, 0, 1), Some(-31));
        assert_eq!(days_since_epoch(2000, 3, 0), days_since_epoch(2000, 2, 29));
        assert_eq!(seconds(i64::MAX, 1, 1, [0; 3], None), None);
    }
}
