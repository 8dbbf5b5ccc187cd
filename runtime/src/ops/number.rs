//! Numbers: conversions between the kinds, to text and from text.

use crate::value::{Tag, Value};

/// The integer that equals `float`, if there is one.
#[inline]
pub fn float_to_int(float: f64) -> Option<i64> {
    // The upper bound is 2^63 itself, which no i64 reaches; NaN is in no range.
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    #[expect(clippy::cast_possible_truncation, reason = "in range, and compared back below")]
    let integer = float as i64;
    (in_range && int_to_float(integer) == float).then_some(integer)
}

/// The nearest float, as Lua converts.
#[inline]
#[expect(clippy::cast_precision_loss, reason = "this is the conversion Lua means")]
pub fn int_to_float(integer: i64) -> f64 {
    integer as f64
}

/// A number, or a string that reads as one, as arithmetic takes it.
pub fn to_number(value: &Value) -> Option<Value> {
    match value.tag() {
        Tag::Integer | Tag::Float => Some(value.clone()),
        Tag::String | Tag::StaticString => parse(value.as_bytes()?),
        _ => None,
    }
}

/// As a float.
#[inline]
pub fn to_float(value: &Value) -> Option<f64> {
    match value.tag() {
        Tag::Float => value.as_float(),
        Tag::Integer => value.as_int().map(int_to_float),
        Tag::String | Tag::StaticString => to_float(&parse(value.as_bytes()?)?),
        _ => None,
    }
}

/// As an integer: integral floats and numeric strings convert, fractions do not.
#[inline]
pub fn to_int(value: &Value) -> Option<i64> {
    match value.tag() {
        Tag::Integer => value.as_int(),
        Tag::Float => float_to_int(value.as_float()?),
        Tag::String | Tag::StaticString => to_int(&parse(value.as_bytes()?)?),
        _ => None,
    }
}

/// The text of a number as applications print it: integral floats without a fraction, others with
/// the shortest digits that read back.
pub fn format(value: &Value) -> Option<String> {
    match value.tag() {
        Tag::Integer => value.as_int().map(|integer| integer.to_string()),
        Tag::Float => value.as_float().map(format_float),
        _ => None,
    }
}

fn format_float(float: f64) -> String {
    if float.is_nan() {
        return "NaN".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if let Some(integer) = float_to_int(float) {
        return integer.to_string();
    }
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..=5).contains(&exponent) {
        return format!("{float}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Reads a whole text as a number, by Lua 5.3's rules: white space around, decimal or `0x`, integer
/// or float. Decimal integers beyond 64 bits become floats; hexadecimal ones wrap.
pub fn parse(text: &[u8]) -> Option<Value> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let start = text.iter().position(|byte| !is_space(byte))?;
    let end = text.iter().rposition(|byte| !is_space(byte))? + 1;
    let text = std::str::from_utf8(text.get(start..end)?).ok()?;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match hex {
        Some(hex) => parse_hex(hex)?,
        None => parse_decimal(digits)?,
    };
    Some(match (negative, number) {
        (true, Parsed::Integer(integer)) => Value::int(integer.wrapping_neg()),
        (false, Parsed::Integer(integer)) => Value::int(integer),
        (true, Parsed::Float(float)) => Value::float(-float),
        (false, Parsed::Float(float)) => Value::float(float),
    })
}

enum Parsed {
    Integer(i64),
    Float(f64),
}

fn parse_decimal(digits: &str) -> Option<Parsed> {
    let bytes = digits.as_bytes();
    // Rust's float parser also reads `inf` and `nan`; Lua's does not.
    if !bytes.iter().any(u8::is_ascii_digit)
        || !bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
        || matches!(bytes.first(), Some(b'+' | b'-'))
    {
        return None;
    }
    if bytes.iter().all(u8::is_ascii_digit)
        && let Ok(integer) = digits.parse::<i64>()
    {
        return Some(Parsed::Integer(integer));
    }
    digits.parse().ok().map(Parsed::Float)
}

fn parse_hex(digits: &str) -> Option<Parsed> {
    let (mantissa, exponent) = match digits.find(['p', 'P']) {
        Some(at) => (digits.get(..at)?, Some(digits.get(at + 1..)?.parse::<i32>().ok()?)),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let all: Vec<u32> = whole
        .chars()
        .chain(fraction.unwrap_or("").chars())
        .map(|digit| digit.to_digit(16))
        .collect::<Option<_>>()?;
    if all.is_empty() {
        return None;
    }
    if exponent.is_none() && fraction.is_none() {
        let wrapped = all.iter().fold(0u64, |sum, digit| (sum << 4) | u64::from(*digit));
        return Some(Parsed::Integer(wrapped.cast_signed()));
    }
    let value = all.iter().fold(0.0f64, |sum, digit| sum * 16.0 + f64::from(*digit));
    let places = i32::try_from(fraction.unwrap_or("").len()).ok()?;
    let power = exponent.unwrap_or(0).saturating_sub(places.saturating_mul(4));
    Some(Parsed::Float(value * 2f64.powi(power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_the_shortest_digits_and_integral_ones_no_fraction() {
        let cases = [
            (3.0, "3"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (123_456.5, "123456.5"),
            (1_234_567.5, "1.2345675e+06"),
            (0.00015, "0.00015"),
            (0.00001, "1e-05"),
            (9_223_372_036_854_775_808.0, "9.223372036854776e+18"),
            (1e100, "1e+100"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ];
        for (float, text) in cases {
            assert_eq!(format(&Value::float(float)).as_deref(), Some(text));
        }
    }

    #[test]
    fn texts_read_as_numbers_by_lua_rules() {
        let cases = [
            ("10", "10"),
            (" 0x10\n", "16"),
            ("-0x10", "-16"),
            ("1e2", "100.0"),
            ("0x1p4", "16.0"),
            ("0x.8", "0.5"),
            (".5", "0.5"),
            ("3.", "3.0"),
            ("9223372036854775808", "9.223372036854776e18"),
            ("0xffffffffffffffff", "-1"),
            ("010", "10"),
        ];
        for (text, expected) in cases {
            let found = parse(text.as_bytes()).map(|value| format!("{value:?}"));
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        for text in ["", " ", "inf", "nan", "1_0", "0b1", "0x", "1e", "--1", "+-1", "1 2", "e5", "."] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
