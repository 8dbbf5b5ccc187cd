//! Layouts: times written the way the reference time, `Mon Jan 2 15:04:05 MST 2006`, would be.

use jiff::civil::{Date, DateTime, Weekday};

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A piece of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Year,
    ShortYear,
    MonthName,
    ShortMonthName,
    /// Zero padded to two places, or as it is.
    Month {
        padded: bool,
    },
    Day {
        pad: Option<char>,
    },
    DayOfYear {
        pad: char,
    },
    Weekday,
    ShortWeekday,
    Hour,
    Hour12 {
        padded: bool,
    },
    Minute {
        padded: bool,
    },
    Second {
        padded: bool,
    },
    Noon {
        upper: bool,
    },
    ZoneName,
    /// `Z` for UTC; a colon; minutes.
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
    },
    /// So many digits; trailing zeros cut.
    Fraction {
        digits: usize,
        cut: bool,
        sign: char,
    },
}

/// Fixed pieces, those first that another one starts with.
const ELEMENTS: [(&str, Element); 30] = [
    ("January", Element::MonthName),
    ("Monday", Element::Weekday),
    ("Jan", Element::ShortMonthName),
    ("Mon", Element::ShortWeekday),
    ("MST", Element::ZoneName),
    ("2006", Element::Year),
    ("002", Element::DayOfYear { pad: '0' }),
    ("__2", Element::DayOfYear { pad: ' ' }),
    ("-07:00", Element::Offset { z: false, colon: true, minutes: true }),
    ("Z07:00", Element::Offset { z: true, colon: true, minutes: true }),
    ("-0700", Element::Offset { z: false, colon: false, minutes: true }),
    ("Z0700", Element::Offset { z: true, colon: false, minutes: true }),
    ("-07", Element::Offset { z: false, colon: false, minutes: false }),
    ("Z07", Element::Offset { z: true, colon: false, minutes: false }),
    ("01", Element::Month { padded: true }),
    ("02", Element::Day { pad: Some('0') }),
    ("03", Element::Hour12 { padded: true }),
    ("04", Element::Minute { padded: true }),
    ("05", Element::Second { padded: true }),
    ("06", Element::ShortYear),
    ("15", Element::Hour),
    ("PM", Element::Noon { upper: true }),
    ("pm", Element::Noon { upper: false }),
    ("_2", Element::Day { pad: Some(' ') }),
    ("1", Element::Month { padded: false }),
    ("2", Element::Day { pad: None }),
    ("3", Element::Hour12 { padded: false }),
    ("4", Element::Minute { padded: false }),
    ("5", Element::Second { padded: false }),
    // Never matches: a year that begins like `_2006` is a blank and the year.
    ("\0", Element::Year),
];

/// The literal text before the next element, the element with its own text, and the rest.
fn split(layout: &str) -> (&str, Option<(Element, &str)>, &str) {
    for (at, _) in layout.char_indices() {
        let rest = layout.get(at..).unwrap_or_default();
        if let Some((element, length)) = element(rest) {
            let (text, after) = rest.split_at(length);
            return (layout.get(..at).unwrap_or_default(), Some((element, text)), after);
        }
    }
    (layout, None, "")
}

fn element(rest: &str) -> Option<(Element, usize)> {
    if rest.starts_with("_2006") {
        return None;
    }
    if let Some(fraction) = fraction(rest) {
        return Some(fraction);
    }
    ELEMENTS.iter().find(|(text, _)| rest.starts_with(text)).map(|(text, element)| (*element, text.len()))
}

/// `.000`, `,999`: zeros or nines that no further digit follows.
fn fraction(rest: &str) -> Option<(Element, usize)> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '.' | ','))?;
    let digits = rest.get(1..)?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.chars().take_while(|own| *own == digit).count();
    let is_longer = digits.get(count..)?.starts_with(|next: char| next.is_ascii_digit());
    (!is_longer).then_some((Element::Fraction { digits: count, cut: digit == '9', sign }, count + 1))
}

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

/// What a text says.
#[derive(Debug, PartialEq)]
pub struct Parsed {
    pub at: DateTime,
    /// Seconds east of UTC, if the text says.
    pub offset: Option<i32>,
    pub zone: Option<String>,
}

#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    /// An hour of the clock with twelve hours was none.
    is_past_noon: bool,
    minute: i64,
    second: i64,
    nanosecond: i64,
    is_afternoon: Option<bool>,
    offset: Option<i32>,
    zone: Option<String>,
}

/// Reads `text` by `layout`.
///
/// # Errors
/// What does not fit, in the words of the format.
pub fn parse(layout: &str, text: &str) -> Result<Parsed, String> {
    let (mut fields, mut rest, mut left) = (Fields::default(), text, layout);
    while !left.is_empty() {
        let (literal, found, after) = split(left);
        let cannot = |rest: &str, what: &str| {
            format!("parsing time \"{text}\" as \"{layout}\": cannot parse \"{rest}\" as \"{what}\"")
        };
        rest = skip(literal, rest).ok_or_else(|| cannot(rest, literal))?;
        if let Some((element, own)) = found {
            rest = read(&mut fields, element, rest).ok_or_else(|| cannot(rest, own))?;
            // A fraction may follow the seconds although the layout has none.
            let more = element_follows(after);
            if matches!(element, Element::Second { .. }) && !more && fraction_ahead(rest) {
                rest = read(&mut fields, Element::Fraction { digits: 9, cut: true, sign: '.' }, rest)
                    .ok_or_else(|| cannot(rest, own))?;
            }
        }
        left = after;
    }
    if !rest.is_empty() {
        return Err(format!("parsing time \"{text}\": extra text: \"{rest}\""));
    }
    finish(fields).map_err(|field| format!("parsing time \"{text}\": {field} out of range"))
}

/// Skips the literal text of a layout; blanks may be missing or more.
fn skip<'a>(literal: &str, mut rest: &'a str) -> Option<&'a str> {
    for character in literal.chars() {
        if character == ' ' {
            rest = rest.strip_prefix(' ').or_else(|| rest.is_empty().then_some(rest))?;
        } else {
            rest = rest.strip_prefix(character)?;
        }
    }
    Some(rest)
}

fn element_follows(layout: &str) -> bool {
    fraction(layout).is_some()
}

fn fraction_ahead(rest: &str) -> bool {
    let digits = rest.strip_prefix(['.', ',']);
    digits.is_some_and(|digits| digits.starts_with(|digit: char| digit.is_ascii_digit()))
}

/// The abbreviation of a zone, its offset if it says, and the rest. Zones without letters are called by
/// their offset: `+02`, `+0545`.
fn zone_name(text: &str) -> Option<(&str, Option<i32>, &str)> {
    if let Some(digits) = text.strip_prefix(['+', '-']) {
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (hours, rest) = number(digits, 2, 2)?;
        let (minutes, rest) = number(rest, 2, 2).unwrap_or((0, rest));
        let offset = sign * i32::try_from(hours * 3600 + minutes * 60).ok()?;
        return Some((text.strip_suffix(rest)?, Some(offset), rest));
    }
    let count = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let count = if text.starts_with("ChST") { 4 } else { count };
    let (name, rest) = text.split_at_checked(count)?;
    (3..=5).contains(&count).then_some((name, (name == "UTC").then_some(0), rest))
}

/// A number of `least` to `most` digits, and the rest.
fn number(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (digits, rest) = text.split_at(count);
    Some((digits.parse().ok()?, rest))
}

fn word<'a>(names: &[&str], text: &'a str, short: bool) -> Option<(i64, &'a str)> {
    for (name, index) in names.iter().zip(0..) {
        let name = if short { name.get(..3)? } else { name };
        let head = text.get(..name.len());
        if head.is_some_and(|head| head.eq_ignore_ascii_case(name)) {
            return Some((index, text.get(name.len()..)?));
        }
    }
    None
}

fn read<'a>(fields: &mut Fields, element: Element, text: &'a str) -> Option<&'a str> {
    let (slot, (value, rest)) = match element {
        Element::Year => (&mut fields.year, number(text, 4, 4)?),
        Element::ShortYear => {
            let (year, rest) = number(text, 2, 2)?;
            fields.year = if year >= 69 { 1900 + year } else { 2000 + year };
            return Some(rest);
        }
        Element::MonthName | Element::ShortMonthName => {
            let (index, rest) = word(&MONTHS, text, element == Element::ShortMonthName)?;
            fields.month = Some(index + 1);
            return Some(rest);
        }
        Element::Month { padded } => {
            let (month, rest) = number(text, if padded { 2 } else { 1 }, 2)?;
            fields.month = Some(month);
            return Some(rest);
        }
        Element::Day { pad } => {
            let text = if pad == Some(' ') { text.strip_prefix(' ').unwrap_or(text) } else { text };
            let (day, rest) = number(text, if pad == Some('0') { 2 } else { 1 }, 2)?;
            fields.day = Some(day);
            return Some(rest);
        }
        Element::DayOfYear { pad } => {
            let text = if pad == ' ' { text.trim_start_matches(' ') } else { text };
            let (day, rest) = number(text, if pad == '0' { 3 } else { 1 }, 3)?;
            fields.day_of_year = Some(day);
            return Some(rest);
        }
        // Read, but not checked against the date.
        Element::Weekday => return word(&WEEKDAYS, text, false).map(|(_, rest)| rest),
        Element::ShortWeekday => return word(&WEEKDAYS, text, true).map(|(_, rest)| rest),
        Element::Hour => (&mut fields.hour, number(text, 2, 2)?),
        Element::Hour12 { padded } => {
            let (hour, rest) = number(text, if padded { 2 } else { 1 }, 2)?;
            fields.is_past_noon |= hour > 12;
            (&mut fields.hour, (hour, rest))
        }
        Element::Minute { padded } => (&mut fields.minute, number(text, if padded { 2 } else { 1 }, 2)?),
        Element::Second { padded } => (&mut fields.second, number(text, if padded { 2 } else { 1 }, 2)?),
        Element::Noon { upper } => {
            let (am, pm) = if upper { ("AM", "PM") } else { ("am", "pm") };
            fields.is_afternoon = Some(text.starts_with(pm));
            return text.strip_prefix(pm).or_else(|| text.strip_prefix(am));
        }
        Element::ZoneName => {
            let (name, offset, rest) = zone_name(text)?;
            fields.zone = Some(name.to_owned());
            fields.offset = fields.offset.or(offset);
            return Some(rest);
        }
        Element::Offset { z, colon, minutes } => {
            if z && let Some(rest) = text.strip_prefix('Z') {
                fields.offset = Some(0);
                return Some(rest);
            }
            let sign = if text.starts_with('-') { -1 } else { 1 };
            let (hours, rest) = number(text.strip_prefix(['+', '-'])?, 2, 2)?;
            let rest = if colon { rest.strip_prefix(':')? } else { rest };
            let (minutes, rest) = if minutes { number(rest, 2, 2)? } else { (0, rest) };
            fields.offset = Some(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?);
            return Some(rest);
        }
        Element::Fraction { digits, cut, .. } => {
            let Some(after) = text.strip_prefix(['.', ',']) else { return cut.then_some(text) };
            let count = after.bytes().take_while(u8::is_ascii_digit).count();
            if count == 0 || (!cut && count != digits) {
                return None;
            }
            let (all, rest) = after.split_at(count);
            fields.nanosecond = format!("{all:0<9}").get(..9)?.parse().ok()?;
            return Some(rest);
        }
    };
    *slot = value;
    Some(rest)
}

fn finish(fields: Fields) -> Result<Parsed, &'static str> {
    if fields.is_past_noon {
        return Err("hour");
    }
    let mut hour = fields.hour;
    match fields.is_afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let narrow = |number: i64, most: i64, name: &'static str| {
        i8::try_from(number).ok().filter(|number| (0..=most).contains(&i64::from(*number))).ok_or(name)
    };
    let year = i16::try_from(fields.year).map_err(|_| "year")?;
    let month = narrow(fields.month.unwrap_or(1), 12, "month")?;
    if month == 0 {
        return Err("month");
    }
    let date = match fields.day_of_year.filter(|_| fields.month.is_none()) {
        Some(day) => {
            let first = Date::new(year, 1, 1).map_err(|_| "year")?;
            let date = first.checked_add(jiff::Span::new().days(day - 1)).map_err(|_| "day")?;
            if date.year() == year && day > 0 { date } else { return Err("day") }
        }
        None => Date::new(year, month, narrow(fields.day.unwrap_or(1), 31, "day")?).map_err(|_| "day")?,
    };
    let (hour, minute) = (narrow(hour, 23, "hour")?, narrow(fields.minute, 59, "minute")?);
    let second = narrow(fields.second, 59, "second")?;
    if fields.offset.is_some_and(|offset| offset.abs() >= 25 * 3600) {
        return Err("time zone offset hour");
    }
    let nanosecond = i32::try_from(fields.nanosecond).unwrap_or(0);
    let at = date.at(hour, minute, second, nanosecond);
    Ok(Parsed { at, offset: fields.offset, zone: fields.zone })
}

/// Sunday is 0.
pub fn weekday_number(weekday: Weekday) -> i64 {
    weekday.to_sunday_zero_offset().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Shown<'static> =
        Shown { at: jiff::civil::datetime(2024, 5, 6, 7, 8, 9, 123_000_000), offset: 7200, zone: "CEST" };

    #[test]
    fn every_element_is_shown() {
        for (layout, text) in [
            ("2006-01-02T15:04:05Z07:00", "2024-05-06T07:08:09+02:00"),
            ("2006-01-02T15:04:05.999999999Z07:00", "2024-05-06T07:08:09.123+02:00"),
            ("02 Jan 06 15:04 MST", "06 May 24 07:08 CEST"),
            ("Monday, 02-Jan-06 15:04:05 MST", "Monday, 06-May-24 07:08:09 CEST"),
            ("Mon, 02 Jan 2006 15:04:05 -0700", "Mon, 06 May 2024 07:08:09 +0200"),
            ("3:04PM", "7:08AM"),
            ("Jan _2 15:04:05.000000", "May  6 07:08:09.123000"),
            ("002 __2 January 1 2 -07 pm 4 5 03", "127 127 May 5 6 +02 am 8 9 07"),
            ("at 12 o'clock", "at 56 o'clock"),
        ] {
            assert_eq!(format(&SHOWN, layout), text, "{layout}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for layout in [
            "2006-01-02T15:04:05.999999999Z07:00",
            "Mon, 02 Jan 2006 15:04:05.000 -0700",
            "Monday January _2 2006 03:04:05.000PM Z0700",
            "2006 002 15:04:05.999 -07",
        ] {
            let parsed = parse(layout, &format(&SHOWN, layout)).unwrap();
            assert_eq!((parsed.at, parsed.offset), (SHOWN.at, Some(7200)), "{layout}");
        }
        assert_eq!(parse("15:04:05", "01:02:03.5").unwrap().at.subsec_nanosecond(), 500_000_000);
        assert_eq!(parse("06", "69").unwrap().at.year(), 1969);
    }

    #[test]
    fn a_zone_without_letters_is_called_by_its_offset() {
        let layout = "Mon, 02 Jan 2006 15:04:05 MST";
        for (zone, seconds, text) in [
            ("", 7200, "+0200"),
            ("", -12_600, "-0330"),
            ("+0545", 20_700, "+0545"),
            ("+02", 7200, "+02"),
            ("-03", -10_800, "-03"),
        ] {
            let shown = format(&Shown { offset: seconds, zone, ..SHOWN }, layout);
            assert_eq!(shown, format!("Mon, 06 May 2024 07:08:09 {text}"));
            let parsed = parse(layout, &shown).unwrap();
            assert_eq!((parsed.offset, parsed.zone.as_deref()), (Some(seconds), Some(text)));
        }
        let parsed = parse("-0700 MST", "+0100 +02").unwrap();
        assert_eq!(parsed.offset, Some(3600), "the offset itself decides");
        assert_eq!(parse("MST", "ChST").unwrap().zone.as_deref(), Some("ChST"));
        for text in ["+2", "x", "AB", "ABCDEF"] {
            assert!(parse("MST", text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |layout, text| parse(layout, text).unwrap_err();
        assert_eq!(
            error("2006-01-02", "2024-x"),
            "parsing time \"2024-x\" as \"2006-01-02\": cannot parse \"x\" as \"01\""
        );
        assert_eq!(error("2006", "2024!"), "parsing time \"2024!\": extra text: \"!\"");
        assert_eq!(error("2006-01-02", "2024-13-01"), "parsing time \"2024-13-01\": month out of range");
        assert_eq!(error("2006-01-02", "2024-02-30"), "parsing time \"2024-02-30\": day out of range");
        assert_eq!(error("15:04", "25:00"), "parsing time \"25:00\": hour out of range");
        assert_eq!(error("3:04PM", "13:05AM"), "parsing time \"13:05AM\": hour out of range");
        assert_eq!(error("03:04", "13:05"), "parsing time \"13:05\": hour out of range");
    }
}
