//! What a plain scalar means where YAML 1.2 sees text and the dialect keeps YAML 1.1's reading.

use serde_json::Number;

/// A leftover of YAML 1.1.
#[derive(Debug, PartialEq)]
pub enum Leftover {
    Number(Number),
    /// A date or time, in its normal form.
    Timestamp(String),
}

/// Reads `0600`, `1_000`, `0X1F` and unquoted dates. `None`: the text stays text.
pub fn leftover(text: &str) -> Option<Leftover> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return None;
    }
    if let Some(timestamp) = timestamp(text) {
        return Some(Leftover::Timestamp(timestamp));
    }
    let digits = text.replace('_', "");
    integer(&digits).or_else(|| float(&digits)).map(Leftover::Number)
}

/// An integer with its base in front; a bare leading 0 is octal.
fn integer(text: &str) -> Option<Number> {
    let (is_negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let bases = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2), ("0", 8), ("", 10)];
    let (digits, base) =
        bases.iter().find_map(|(prefix, base)| Some((magnitude.strip_prefix(prefix)?, *base)))?;
    let digits = if magnitude == "0" { "0" } else { digits };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(digits, base).ok()?);
    let value = if is_negative { -value } else { value };
    i64::try_from(value).map(Number::from).or_else(|_| u64::try_from(value).map(Number::from)).ok()
}

/// A decimal fraction such as `0899` or `1_000.5`, if it is in range.
fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let is_float = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|text| !text.is_empty() && all_digits(text));
    let value = text.parse().ok().filter(|_| is_float)?;
    Number::from_f64(value)
}

/// `2024-1-2`, or with a time; the form that JSON carries is `2024-01-02T00:00:00Z`.
fn timestamp(text: &str) -> Option<String> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if !(1..=12).contains(&month) || !(1..=days(year.parse().ok()?, month)).contains(&day) {
        return None;
    }
    let date = format!("{year}-{month:02}-{day:02}");
    let Some(time) = time else { return Some(format!("{date}T00:00:00Z")) };
    // With a blank between date and time there is no zone.
    let has_zone = !text.contains(' ');
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone_at);
    if has_zone == zone.is_empty() {
        return None;
    }
    let zone = match zone {
        "" | "Z" => "Z".to_owned(),
        _ => self::zone(zone)?,
    };
    Some(format!("{date}T{}{zone}", clock(time)?))
}

/// `5:4:3.25` as `05:04:03.25`.
fn clock(time: &str) -> Option<String> {
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = time.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = number(parts.next()?, 2)?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = fraction.get(..9.min(fraction.len()))?.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{point}{fraction}"))
}

/// `+02:00`.
fn zone(text: &str) -> Option<String> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let is_fine =
        hours.len() == 2 && minutes.len() == 2 && number(hours, 2)? < 24 && number(minutes, 2)? < 60;
    is_fine.then(|| text.to_owned())
}

/// A number of one to `most` digits.
fn number(text: &str, most: usize) -> Option<u32> {
    let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<String> {
        match leftover(text)? {
            Leftover::Number(number) => Some(number.to_string()),
            Leftover::Timestamp(text) => Some(text),
        }
    }

    #[test]
    fn numbers_of_the_older_dialect() {
        for (text, value) in [
            ("0600", "384"),
            ("-0600", "-384"),
            ("0o600", "384"),
            ("0x1F", "31"),
            ("0X1f", "31"),
            ("-0b101", "-5"),
            ("1_000", "1000"),
            ("0", "0"),
            ("+7", "7"),
            ("18446744073709551615", "18446744073709551615"),
            ("0899", "899.0"),
            ("1_000.5", "1000.5"),
            ("1_0e3", "10000.0"),
            (".5", "0.5"),
        ] {
            assert_eq!(number(text).as_deref(), Some(value), "{text}");
        }
        for text in ["0x", "1-2", "--1", "1.2.3", "1e", ".", "-", "0b12x", "10.0.0.1", "1s", "_1", "", "0x+1"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn dates_become_timestamps() {
        for (text, value) in [
            ("2024-01-02", "2024-01-02T00:00:00Z"),
            ("2024-1-2", "2024-01-02T00:00:00Z"),
            ("2024-02-29T1:2:3.250Z", "2024-02-29T01:02:03.25Z"),
            ("2024-01-02t03:04:05+02:00", "2024-01-02T03:04:05+02:00"),
            ("2024-01-02 03:04:05", "2024-01-02T03:04:05Z"),
        ] {
            assert_eq!(number(text).as_deref(), Some(value), "{text}");
        }
        for text in ["2023-02-29", "2024-13-01", "24-01-02", "2024-01-02T03:04:05", "2024-01-02T25:00:00Z"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
