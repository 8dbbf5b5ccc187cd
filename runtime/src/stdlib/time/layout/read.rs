//! Times read by a layout.

use jiff::civil::{Date, DateTime};

use super::{Element, MONTHS, WEEKDAYS, fraction, split};

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
        rest = skip(literal, rest).map_err(|rest| cannot(rest, literal))?;
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

/// Skips the literal text of a layout; where it has blanks, there may be more of them, fewer, and at the end none.
///
/// # Errors
/// What is left where the two part.
fn skip<'a>(mut literal: &str, mut rest: &'a str) -> Result<&'a str, &'a str> {
    while let Some(character) = literal.chars().next() {
        if character == ' ' {
            if !rest.is_empty() && !rest.starts_with(' ') {
                return Err(rest);
            }
            (literal, rest) = (literal.trim_start_matches(' '), rest.trim_start_matches(' '));
        } else {
            rest = rest.strip_prefix(character).ok_or(rest)?;
            literal = literal.strip_prefix(character).unwrap_or_default();
        }
    }
    Ok(rest)
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
