//! Numbers: conversions between the kinds, to text and from text.

use crate::cx::Cx;
use crate::string::Sink;
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

/// Appends the text of a number as the program's mode has it.
pub fn append(cx: Cx, into: &mut impl Sink, value: &Value) {
    if let Some(integer) = value.as_int() {
        append_int(into, integer);
    } else if let Some(float) = value.as_float() {
        let text = if cx.is_script() { format_float_as_lua(float) } else { format_float(float) };
        into.extend_from_slice(text.as_bytes());
    }
}

/// Appends decimal digits, without the detour through the formatting machinery.
fn append_int(into: &mut impl Sink, integer: i64) {
    let mut digits = [0u8; 20];
    let mut rest = integer.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        if let Some(digit) = digits.get_mut(at) {
            *digit = b'0' + (rest % 10).to_le_bytes()[0];
        }
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if integer < 0 {
        into.push(b'-');
    }
    into.extend_from_slice(digits.get(at..).unwrap_or_default());
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

/// `%.14g`
pub fn fourteen_digits(float: f64) -> String {
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if !float.is_finite() {
        return format!("{sign}{}", if float.is_nan() { "nan" } else { "inf" });
    }
    if let Some(integer) = float_to_int(float).filter(|integer| integer.unsigned_abs() < 100_000_000_000_000)
    {
        return format!("{sign}{}", integer.unsigned_abs());
    }
    let mut text = crate::string::format::general(float.abs(), 14, false);
    text.insert_str(0, sign);
    text
}

/// `%.14g`, with `.0` behind what would read as an integer.
fn format_float_as_lua(float: f64) -> String {
    let mut digits = fourteen_digits(float);
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        digits.push_str(".0");
    }
    digits
}

/// Reads a whole text as a number, by Lua 5.3's rules: white space around, decimal or `0x`, integer
/// or float. Decimal integers beyond 64 bits become floats; hexadecimal ones wrap.
pub fn parse(text: &[u8]) -> Option<Value> {
    let text = trim(text);
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let number = match digits {
        [b'0', b'x' | b'X', hex @ ..] => parse_hex(hex)?,
        _ => parse_decimal(negative, digits)?,
    };
    Some(match (negative, number) {
        (true, Parsed::Integer(integer)) => Value::int(integer.wrapping_neg()),
        (false, Parsed::Integer(integer)) => Value::int(integer),
        (true, Parsed::Float(float)) => Value::float(-float),
        (false, Parsed::Float(float)) => Value::float(float),
    })
}

/// Without the white space around: C's, which has the vertical tab that Rust's has not.
pub fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let Some(start) = text.iter().position(|byte| !is_space(byte)) else { return &[] };
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(0, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

enum Parsed {
    /// The magnitude; that of the least integer wraps.
    Integer(i64),
    Float(f64),
}

fn parse_decimal(negative: bool, digits: &[u8]) -> Option<Parsed> {
    if digits.iter().all(u8::is_ascii_digit)
        && let Some(integer) = decimal_integer(negative, digits)
    {
        return Some(Parsed::Integer(integer));
    }
    // Rust's float parser also reads `inf` and `nan`; Lua's does not.
    let of_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if !digits.iter().any(u8::is_ascii_digit)
        || !digits.iter().all(of_number)
        || matches!(digits.first(), Some(b'+' | b'-'))
    {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok().map(Parsed::Float)
}

fn decimal_integer(negative: bool, digits: &[u8]) -> Option<i64> {
    let mut sum = 0u64;
    for digit in digits {
        sum = sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    let limit = i64::MIN.unsigned_abs() - u64::from(!negative);
    (!digits.is_empty() && sum <= limit).then_some(sum.cast_signed())
}

fn parse_hex(digits: &[u8]) -> Option<Parsed> {
    let mut mantissa = Mantissa::default();
    let mut wrapped = 0u64;
    let (mut seen_digit, mut seen_point) = (false, false);
    let mut exponent = None;
    let mut rest = digits.iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'.' if !seen_point => seen_point = true,
            b'p' | b'P' if seen_digit => {
                exponent = Some(binary_exponent(rest.as_slice())?);
                break;
            }
            _ => {
                let digit = char::from(byte).to_digit(16)?;
                seen_digit = true;
                wrapped = (wrapped << 4) | u64::from(digit);
                mantissa.push(digit, seen_point);
            }
        }
    }
    if !seen_digit {
        return None;
    }
    if exponent.is_none() && !seen_point {
        return Some(Parsed::Integer(wrapped.cast_signed()));
    }
    Some(Parsed::Float(mantissa.scaled(exponent.unwrap_or(0))))
}

/// The decimal exponent behind `p`, clipped to where every float is zero or infinite.
fn binary_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        (b'+', digits) => (false, digits),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum = digits.iter().fold(0i64, |sum, digit| (sum * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -sum } else { sum })
}

/// The leading hexadecimal digits of a number, how far they are shifted, and whether anything that
/// matters for rounding was left out.
#[derive(Default)]
struct Mantissa {
    bits: u64,
    exponent: i64,
    sticky: bool,
}

impl Mantissa {
    fn push(&mut self, digit: u32, is_fraction: bool) {
        if self.bits >> 60 == 0 {
            self.bits = (self.bits << 4) | u64::from(digit);
            self.exponent -= if is_fraction { 4 } else { 0 };
        } else {
            self.sticky |= digit != 0;
            self.exponent += if is_fraction { 0 } else { 4 };
        }
    }

    /// The nearest float to `bits * 2^(exponent + shift)`, halves to even.
    fn scaled(&self, shift: i64) -> f64 {
        if self.bits == 0 {
            return 0.0;
        }
        let exponent = self.exponent + shift;
        // The value is `bits * 2^exponent`; its leading bit has the weight 2^top.
        let top = exponent + 63 - i64::from(self.bits.leading_zeros());
        if top > 1023 {
            return f64::INFINITY;
        }
        if top < -1075 {
            return 0.0;
        }
        // The weight of the last bit a float of this size keeps.
        let last = (top - 52).max(-1074);
        let drop = last - exponent;
        let kept = if drop <= 0 {
            self.bits << drop.unsigned_abs()
        } else if drop > 64 {
            0
        } else {
            round_half_even(self.bits, u32::try_from(drop).unwrap_or(64), self.sticky)
        };
        scale_exact(kept, last)
    }
}

fn round_half_even(bits: u64, drop: u32, sticky: bool) -> u64 {
    let wide = u128::from(bits);
    let (kept, rest, half) = (wide >> drop, wide & ((1 << drop) - 1), 1u128 << (drop - 1));
    let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
    u64::try_from(kept + u128::from(up)).unwrap_or(u64::MAX)
}

/// `bits * 2^exponent` where the product is exact: `bits` has at most 53 significant bits.
fn scale_exact(bits: u64, exponent: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float")]
    let mut value = bits as f64;
    let mut exponent = i32::try_from(exponent).unwrap_or(0);
    while exponent < -1000 {
        // The first steps stay in the normal range because `bits` is large where this happens, and
        // the last one is exact because the bits below the last place were rounded away before.
        value *= 2f64.powi(-1000);
        exponent += 1000;
    }
    value * 2f64.powi(exponent)
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
    fn scripts_print_fourteen_digits_and_show_that_a_float_is_one() {
        let cases = [
            (3.0, "3.0"),
            (-0.0, "-0.0"),
            (1e14, "1e+14"),
            (123_456_789_012_345.0, "1.2345678901234e+14"),
            (99_999_999_999_999.0, "99999999999999.0"),
            (1e15, "1e+15"),
            (1.0 / 3.0, "0.33333333333333"),
            (0.1 + 0.2, "0.3"),
            (0.00001, "1e-05"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (float, text) in cases {
            assert_eq!(format_float_as_lua(float), text);
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
            ("-9223372036854775808", "-9223372036854775808"),
            ("\x0b7\x0c", "7"),
            ("0x1p-1074", "5e-324"),
            ("0x1p-1075", "0.0"),
            ("0x1.8p-1075", "5e-324"),
            ("0x1p1024", "inf"),
            ("0x1.fffffffffffff8p1023", "inf"),
            ("0x1.fffffffffffff7p1023", "1.7976931348623157e308"),
            ("0x1000000000000080p0", "1.152921504606847e18"),
            ("0x1000000000000081p0", "1.1529215046068472e18"),
            ("0x.00000000000000000000000000001p100", "1.52587890625e-5"),
        ];
        for (text, expected) in cases {
            let found = parse(text.as_bytes()).map(|value| format!("{value:?}"));
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        for text in [
            "", " ", "inf", "nan", "1_0", "0b1", "0x", "1e", "--1", "+-1", "1 2", "e5", ".", "0x1p", "0x.p1",
            "0x1.2.3",
        ] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
