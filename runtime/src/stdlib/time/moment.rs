//! Moments: as many nanoseconds since 1970 as dates of four digits need.
//!
//! jiff's own moments end some hours before the year 9999 does, so that clocks of all zones can show them. `never`
//! is often the last second of that year, so these go on to it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;
/// The first and the last nanosecond of the years -9999 to 9999, in UTC.
const FIRST: i128 = -377_705_116_800 * SECOND;
const LAST: i128 = 253_402_300_800 * SECOND - 1;

/// A point in time, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i128);

impl Moment {
    /// Nothing outside of the years -9999 to 9999.
    pub fn new(nanoseconds: i128) -> Option<Moment> {
        (FIRST..=LAST).contains(&nanoseconds).then_some(Moment(nanoseconds))
    }

    pub fn nanoseconds(self) -> i128 {
        self.0
    }

    /// When a clock so far from UTC shows `clock`.
    pub fn of_clock(clock: DateTime, offset: Offset) -> Option<Moment> {
        let date = clock.date();
        let days = days_before(date.year().into(), date.month().into())? + i64::from(date.day()) - 1;
        let seconds =
            i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
        let seconds = i128::from(days) * 86_400 + i128::from(seconds) - i128::from(offset.seconds());
        Moment::new(seconds * SECOND + i128::from(clock.subsec_nanosecond()))
    }

    /// What a clock so far from UTC shows; at the ends of time it stands still.
    pub fn shown(self, offset: Offset) -> DateTime {
        let there = self.0 + i128::from(offset.seconds()) * SECOND;
        let end = if there < 0 { DateTime::MIN } else { DateTime::MAX };
        date_after(there.div_euclid(DAY))
            .map_or(end, |date| date.to_datetime(time_after(there.rem_euclid(DAY))))
    }

    /// The nearest one that jiff knows: what zones do at the very ends of time is what they do shortly before.
    pub fn near(self) -> Timestamp {
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_nanosecond(self.0).unwrap_or(end)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Moment {
        Moment(at.as_nanosecond())
    }
}

/// The date so many days after 1970-01-01.
fn date_after(days: i128) -> Option<Date> {
    let days = jiff::Span::new().try_days(i64::try_from(days).ok()?).ok()?;
    Date::constant(1970, 1, 1).checked_add(days).ok()
}

/// What a clock shows so many nanoseconds after midnight.
fn time_after(nanoseconds: i128) -> Time {
    let seconds = nanoseconds / SECOND;
    let part = |seconds: i128| i8::try_from(seconds).unwrap_or(0);
    let fraction = i32::try_from(nanoseconds % SECOND).unwrap_or(0);
    Time::new(part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), fraction)
        .unwrap_or(Time::midnight())
}

/// Days from 1970-01-01 to the first day of a month.
pub fn days_before(year: i64, month: i64) -> Option<i64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era.checked_mul(146_097)?.checked_add(day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_show_what_jiffs_show_and_go_on_to_the_end() {
        for hours in [-11, 0, 2, 14] {
            let offset = Offset::constant(hours);
            for seconds in
                [-377_705_000_000, -62_135_596_800, -1, 0, 951_782_400, 1_732_000_000, 253_402_000_000]
            {
                let at = Timestamp::new(seconds, 5).unwrap();
                let clock = Moment::from(at).shown(offset);
                assert_eq!(clock, offset.to_datetime(at));
                assert_eq!(Moment::of_clock(clock, offset), Some(Moment::from(at)));
            }
        }
        let last = Moment::new(LAST).unwrap();
        assert_eq!(last.shown(Offset::UTC), DateTime::MAX);
        assert_eq!(Moment::of_clock(DateTime::MAX, Offset::UTC), Some(last));
        assert_eq!(last.shown(Offset::constant(2)), DateTime::MAX);
        assert_eq!(Moment::new(FIRST).map(|first| first.shown(Offset::UTC)), Some(DateTime::MIN));
        assert_eq!(Moment::new(LAST + 1), None);
        assert_eq!(Moment::of_clock(DateTime::MAX, Offset::constant(-1)), None);
        assert_eq!(last.near(), Timestamp::MAX);
    }
}
