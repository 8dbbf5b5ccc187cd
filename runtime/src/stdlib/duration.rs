//! Durations as text: `300ms`, `1h30m`, `-1.5s`.

/// Units and their nanoseconds, as they are tried.
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)];

/// Reads a duration in nanoseconds.
///
/// # Errors
/// The text that says what is wrong, the input quoted.
#[inline]
pub fn parse(text: impl AsRef<[u8]>) -> Result<i64, String> {
    let text = text.as_ref();
    match simple(text) {
        Some(nanoseconds) => Ok(nanoseconds),
        None => parse_bytes(text),
    }
}

#[inline(never)]
fn parse_bytes(text: &[u8]) -> Result<i64, String> {
    parse_any(&String::from_utf8_lossy(text))
}

/// Digits and one unit, as most durations are written; no more than fit for sure.
#[inline]
fn simple(text: &[u8]) -> Option<i64> {
    if text.len() > 8 {
        return None;
    }
    let (mut number, mut rest) = (0, text);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number * 10 + i64::from(digit - b'0');
        rest = after;
    }
    let scale = match rest {
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60_000_000_000,
        _ => return None,
    };
    (rest.len() < text.len()).then_some(number * scale)
}

fn parse_any(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration \"{text}\"");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0i128;
    while !rest.is_empty() {
        let mut has_point = false;
        let is_number = |character: char| {
            character.is_ascii_digit() || (character == '.' && !std::mem::replace(&mut has_point, true))
        };
        let after = rest.trim_start_matches(is_number);
        let number = rest.strip_suffix(after).unwrap_or(rest);
        if number.is_empty() || number == "." {
            return Err(invalid());
        }
        let end = after
            .find(|character: char| character.is_ascii_digit() || character == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration \"{text}\""));
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("time: unknown unit \"{unit}\" in duration \"{text}\""));
        };
        total += scaled(number, *scale).ok_or_else(invalid)?;
        rest = after;
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// `number` units of `scale` nanoseconds, whole part exact.
fn scaled(number: &str, scale: f64) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: f64 = if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse().ok()? };
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of an hour in nanoseconds fits")]
    let (scale_whole, rest) = (scale as i128, (fraction * scale) as i128);
    whole.checked_mul(scale_whole)?.checked_add(rest)
}

/// The text of a duration: `1m30s`, `1.5ms`, `0s`.
pub fn format(nanoseconds: i64) -> String {
    let magnitude = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let fraction = |value: u64, unit: u64| {
        let digits = unit.ilog10() as usize;
        let text = format!("{}.{:0digits$}", value / unit, value % unit);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match magnitude {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{magnitude}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(magnitude, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(magnitude, 1_000_000)),
        _ => {
            let minutes = magnitude / 60_000_000_000;
            let seconds = fraction(magnitude % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_print() {
        for (text, nanoseconds, printed) in [
            ("5s", 5_000_000_000, "5s"),
            ("100ms", 100_000_000, "100ms"),
            ("1500ms", 1_500_000_000, "1.5s"),
            ("90m", 5_400_000_000_000, "1h30m0s"),
            ("1h0m0.5s", 3_600_500_000_000, "1h0m0.5s"),
            ("1.5us", 1_500, "1.5µs"),
            ("-2.25s", -2_250_000_000, "-2.25s"),
            (".5s", 500_000_000, "500ms"),
            ("0", 0, "0s"),
        ] {
            assert_eq!(parse(text), Ok(nanoseconds), "{text}");
            assert_eq!(format(nanoseconds), printed);
        }
    }

    #[test]
    fn wrong_durations_say_why() {
        assert_eq!(parse("abc"), Err("time: invalid duration \"abc\"".to_owned()));
        assert_eq!(parse("1..5s"), Err("time: missing unit in duration \"1..5s\"".to_owned()));
        assert_eq!(parse("5"), Err("time: missing unit in duration \"5\"".to_owned()));
        assert_eq!(parse("5d"), Err("time: unknown unit \"d\" in duration \"5d\"".to_owned()));
        assert_eq!(parse(""), Err("time: invalid duration \"\"".to_owned()));
    }
}
