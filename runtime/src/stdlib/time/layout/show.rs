//! Times written by a layout.

use jiff::civil::DateTime;

use super::{Element, MONTHS, WEEKDAYS, split};

/// What a layout shows.
pub struct Shown<'a> {
    pub at: DateTime,
    /// Seconds east of UTC.
    pub offset: i32,
    pub zone: &'a str,
}

pub fn format(shown: &Shown<'_>, mut layout: &str) -> String {
    let mut text = String::new();
    while !layout.is_empty() {
        let (literal, found, rest) = split(layout);
        text.push_str(literal);
        if let Some((element, _)) = found {
            text.push_str(&show(shown, element));
        }
        layout = rest;
    }
    text
}

fn padded(number: i64, is_padded: bool) -> String {
    if is_padded { format!("{number:02}") } else { number.to_string() }
}

fn show(shown: &Shown<'_>, element: Element) -> String {
    let at = shown.at;
    let hour12 = (i64::from(at.hour()) + 11) % 12 + 1;
    let name = |names: &[&str], index: usize, short: bool| {
        let name = names.get(index).copied().unwrap_or_default();
        (if short { name.get(..3).unwrap_or(name) } else { name }).to_owned()
    };
    let month = usize::try_from(at.month() - 1).unwrap_or(0);
    let weekday = usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or(0);
    match element {
        Element::Year if at.year() < 0 => format!("-{:04}", -at.year()),
        Element::Year => format!("{:04}", at.year()),
        Element::ShortYear => format!("{:02}", at.year().rem_euclid(100)),
        Element::MonthName => name(&MONTHS, month, false),
        Element::ShortMonthName => name(&MONTHS, month, true),
        Element::Month { padded: is } => padded(at.month().into(), is),
        Element::Day { pad: Some('0') } => format!("{:02}", at.day()),
        Element::Day { pad: Some(_) } => format!("{:>2}", at.day()),
        Element::Day { pad: None } => at.day().to_string(),
        Element::DayOfYear { pad: '0' } => format!("{:03}", at.day_of_year()),
        Element::DayOfYear { .. } => format!("{:>3}", at.day_of_year()),
        Element::Weekday => name(&WEEKDAYS, weekday, false),
        Element::ShortWeekday => name(&WEEKDAYS, weekday, true),
        Element::Hour => format!("{:02}", at.hour()),
        Element::Hour12 { padded: is } => padded(hour12, is),
        Element::Minute { padded: is } => padded(at.minute().into(), is),
        Element::Second { padded: is } => padded(at.second().into(), is),
        Element::Noon { upper } => match (at.hour() >= 12, upper) {
            (true, true) => "PM",
            (false, true) => "AM",
            (true, false) => "pm",
            (false, false) => "am",
        }
        .to_owned(),
        // Some name there must be: of a zone without one it is the offset.
        Element::ZoneName if shown.zone.is_empty() => offset(shown.offset, false, true),
        Element::ZoneName => shown.zone.to_owned(),
        Element::Offset { z: true, .. } if shown.offset == 0 => "Z".to_owned(),
        Element::Offset { colon, minutes, .. } => offset(shown.offset, colon, minutes),
        Element::Fraction { digits, cut, sign } => {
            let all = format!("{:09}", at.subsec_nanosecond());
            let digits = all.get(..digits.min(9)).unwrap_or(&all);
            let digits = if cut { digits.trim_end_matches('0') } else { digits };
            if cut && digits.is_empty() { String::new() } else { format!("{sign}{digits}") }
        }
    }
}

fn offset(seconds: i32, colon: bool, minutes: bool) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let total = seconds.unsigned_abs() / 60;
    let (hours, rest) = (total / 60, total % 60);
    match (minutes, colon) {
        (false, _) => format!("{sign}{hours:02}"),
        (true, false) => format!("{sign}{hours:02}{rest:02}"),
        (true, true) => format!("{sign}{hours:02}:{rest:02}"),
    }
}
