//! Durations as text: `300ms`, `1h30m`, `1.5s`.

const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)];

/// Reads a duration in nanoseconds, rounded.
///
/// # Errors
/// What is wrong, the text quoted.
pub fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("invalid duration \"{text}\"");
    let is_negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let (number, after) = rest.split_at(rest.find(|c| !is_number(c)).unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(is_number).unwrap_or(after.len()));
        let value: f64 = number.parse().map_err(|_| invalid())?;
        if unit.is_empty() {
            return Err(format!("missing unit in duration \"{text}\""));
        }
        let scale = UNITS.iter().find(|(name, _)| *name == unit);
        let (_, scale) = scale.ok_or_else(|| format!("unknown unit \"{unit}\" in duration \"{text}\""))?;
        total += value * scale;
        rest = after;
    }
    if total > 9.2e18 {
        return Err(invalid());
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked against the largest duration")]
    let total = total.round() as i64;
    Ok(if is_negative { -total } else { total })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn units_add_up() {
        for (text, nanoseconds) in [
            ("300ms", 300_000_000),
            ("1.5s", 1_500_000_000),
            ("1h30m", 5_400_000_000_000),
            ("2µs", 2_000),
            ("2us", 2_000),
            (".5s", 500_000_000),
            ("-1s", -1_000_000_000),
            ("+1ns", 1),
            ("0", 0),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Ok(nanoseconds), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, error) in [
            ("", "invalid duration \"\""),
            ("s", "invalid duration \"s\""),
            ("-", "invalid duration \"-\""),
            ("1.2.3s", "invalid duration \"1.2.3s\""),
            (".s", "invalid duration \".s\""),
            ("10", "missing unit in duration \"10\""),
            ("10 s", "unknown unit \" s\" in duration \"10 s\""),
            ("5 minutes", "unknown unit \" minutes\" in duration \"5 minutes\""),
            ("3d", "unknown unit \"d\" in duration \"3d\""),
            ("99999999h", "invalid duration \"99999999h\""),
        ] {
            assert_eq!(parse(text), Err(error.to_owned()), "{text}");
        }
    }
}
