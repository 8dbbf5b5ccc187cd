//! `string.format`: C's meaning of the directives, without C.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::text;
use crate::stdlib::args;
use crate::string::{Sink, StrBuf};
use crate::value::{Tag, Value};

/// One directive: flags, width, precision and conversion.
#[derive(Default)]
struct Directive {
    left: bool,
    plus: bool,
    space: bool,
    alternative: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    /// Anything stood between `%` and the conversion.
    has_modifiers: bool,
}

/// A call takes about as long as so many turns of a loop.
const TURNS: usize = 16;

/// Formats `args[1..]` by the format `args[0]`.
///
/// # Errors
/// An invalid directive, or an argument of the wrong type.
pub fn format(cx: Cx, args: &[Value]) -> LuaResult {
    let format = args::string(cx, args, 1, "string.format")?;
    cx.spend_many(TURNS)?;
    let mut output = StrBuf::with_capacity(format.len() + 16);
    let mut rest: &[u8] = &format;
    let mut position = 1;
    while let Some(at) = memchr::memchr(b'%', rest) {
        let (before, after) = rest.split_at(at);
        output.extend_from_slice(before);
        rest = after.get(1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix(b"%") {
            output.push(b'%');
            rest = after;
            continue;
        }
        position += 1;
        if args.len() < position {
            return Err(cx.throw_argument(position, "string.format", "no value"));
        }
        let (directive, conversion, after) = parse(cx, rest)?;
        rest = after;
        let length = output.len();
        convert(cx, args, position, &directive, conversion, &mut output)?;
        cx.spend_bytes(output.len().saturating_sub(length))?;
        if output.is_lost() {
            break;
        }
    }
    output.extend_from_slice(rest);
    output.finish(cx)
}

fn parse(cx: Cx, text: &[u8]) -> LuaResult<(Directive, u8, &[u8])> {
    let mut directive = Directive::default();
    let mut rest = text;
    while let Some((flag, after)) = rest.split_first() {
        match flag {
            b'-' => directive.left = true,
            b'+' => directive.plus = true,
            b' ' => directive.space = true,
            b'#' => directive.alternative = true,
            b'0' => directive.zero = true,
            _ => break,
        }
        rest = after;
    }
    if text.len() - rest.len() > 5 {
        return Err(cx.throw_text("invalid format (repeated flags)"));
    }
    (directive.width, rest) = digits(rest);
    if let Some(after) = rest.strip_prefix(b".") {
        let (precision, after) = digits(after);
        directive.precision = Some(precision);
        rest = after;
    }
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return Err(cx.throw_text("invalid format (width or precision too long)"));
    }
    directive.has_modifiers = rest.len() < text.len();
    // A format that ends inside a directive ends in C's zero byte.
    let (conversion, after) = rest.split_first().unwrap_or((&0, &[]));
    Ok((directive, *conversion, after))
}

/// A byte as messages show it: what does not print by its number.
pub fn shown(byte: u8) -> String {
    if (0x20..0x7f).contains(&byte) { char::from(byte).to_string() } else { format!("<\\{byte}>") }
}

/// Up to two decimal digits and what is behind them.
fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    (digits.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')), rest)
}

fn convert(
    cx: Cx,
    args: &[Value],
    position: usize,
    directive: &Directive,
    conversion: u8,
    output: &mut StrBuf,
) -> LuaResult<()> {
    let text = match conversion {
        b'd' | b'i' => {
            let value = args::integer(cx, args, position, "string.format")?;
            directive.integer(value < 0, value.unsigned_abs().to_string(), "")
        }
        b'u' | b'x' | b'X' | b'o' => {
            let bits = args::integer(cx, args, position, "string.format")?.cast_unsigned();
            directive.unsigned(bits, conversion)
        }
        b'c' => {
            let code = args::integer(cx, args, position, "string.format")?;
            Directive { zero: false, ..directive.copy() }.pad(vec![code.to_le_bytes()[0]], 0)
        }
        b'e' | b'E' | b'f' | b'g' | b'G' | b'a' | b'A' => {
            directive.float(args::number(cx, args, position, "string.format")?, conversion)
        }
        b's' => return text_of(cx, args, position, directive, output),
        b'q' => return quoted(cx, args, position, output),
        other => {
            return Err(cx.throw_text(format!("invalid option '%{}' to 'format'", shown(other))));
        }
    };
    output.extend_from_slice(&text);
    Ok(())
}

/// `%s`
fn text_of(
    cx: Cx,
    args: &[Value],
    position: usize,
    directive: &Directive,
    output: &mut StrBuf,
) -> LuaResult<()> {
    let value = args::any(cx, args, position, "string.format")?;
    let text = crate::ops::text::tostring_value(cx, value)?;
    let mut bytes = text.as_bytes().unwrap_or_default();
    if !directive.has_modifiers || (directive.precision.is_none() && bytes.len() >= 100) {
        output.extend_from_slice(bytes);
        return Ok(());
    }
    if bytes.contains(&0) {
        return Err(cx.throw_argument(position, "string.format", "string contains zeros"));
    }
    if let Some(precision) = directive.precision {
        bytes = bytes.get(..precision).unwrap_or(bytes);
    }
    output.extend_from_slice(&Directive { zero: false, ..directive.copy() }.pad(bytes.to_vec(), 0));
    Ok(())
}

/// `%q`: a literal that reads back as the value.
fn quoted(cx: Cx, args: &[Value], position: usize, output: &mut StrBuf) -> LuaResult<()> {
    let value = args::any(cx, args, position, "string.format")?;
    if let Some(bytes) = value.as_bytes() {
        output.push(b'"');
        let mut bytes = bytes.iter().peekable();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'"' | b'\\' | b'\n' => output.extend_from_slice(&[b'\\', byte]),
                0 | 1..=31 | 127 => {
                    let next_is_digit = bytes.peek().is_some_and(|next| next.is_ascii_digit());
                    let escape = if next_is_digit { format!("\\{byte:03}") } else { format!("\\{byte}") };
                    output.extend_from_slice(escape.as_bytes());
                }
                _ => output.push(byte),
            }
        }
        output.push(b'"');
        return Ok(());
    }
    let text = match value.tag() {
        Tag::Float => Directive::default().float(value.as_float().unwrap_or_default(), b'a'),
        Tag::Integer if value.as_int() == Some(i64::MIN) => b"0x8000000000000000".to_vec(),
        Tag::Nil | Tag::Boolean | Tag::Integer => text::of(cx, value),
        _ => return Err(cx.throw_argument(position, "string.format", "value has no literal form")),
    };
    output.extend_from_slice(&text);
    Ok(())
}

impl Directive {
    fn copy(&self) -> Directive {
        Directive { ..*self }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        }
    }

    /// `%u`, `%x`, `%X`, `%o`
    fn unsigned(&self, bits: u64, conversion: u8) -> Vec<u8> {
        let digits = match conversion {
            b'x' => format!("{bits:x}"),
            b'X' => format!("{bits:X}"),
            b'o' => format!("{bits:o}"),
            _ => bits.to_string(),
        };
        let mut plain = Directive { plus: false, space: false, ..self.copy() };
        let prefix = match conversion {
            b'x' if self.alternative && bits != 0 => "0x",
            b'X' if self.alternative && bits != 0 => "0X",
            b'o' if self.alternative => {
                // C asks for one leading zero, which the precision may have brought already.
                plain.precision =
                    Some(self.precision.unwrap_or(1).max(digits.len() + usize::from(bits != 0)));
                if self.zero && self.precision.is_none() && !self.left {
                    plain.precision = plain.precision.max(Some(self.width));
                }
                ""
            }
            _ => "",
        };
        plain.integer(false, digits, prefix)
    }

    fn integer(&self, negative: bool, mut digits: String, prefix: &str) -> Vec<u8> {
        if let Some(precision) = self.precision {
            if precision == 0 && digits == "0" {
                digits.clear();
            }
            digits = "0".repeat(precision.saturating_sub(digits.len())) + &digits;
        }
        let head = format!("{}{prefix}", self.sign(negative));
        let zero = self.zero && self.precision.is_none();
        let length = head.len();
        Directive { zero, ..self.copy() }.pad((head + &digits).into_bytes(), length)
    }

    fn float(&self, value: f64, conversion: u8) -> Vec<u8> {
        let negative = value.is_sign_negative();
        let magnitude = value.abs();
        if !magnitude.is_finite() {
            let word = if magnitude.is_nan() { "nan" } else { "inf" };
            let word = if conversion.is_ascii_uppercase() { word.to_uppercase() } else { word.to_owned() };
            let text = format!("{}{word}", self.sign(negative));
            return Directive { zero: false, ..self.copy() }.pad(text.into_bytes(), 0);
        }
        let precision = self.precision.unwrap_or(6);
        let mut digits = match conversion.to_ascii_lowercase() {
            b'f' => fixed(magnitude, precision, self.alternative),
            b'e' => scientific(magnitude, precision, self.alternative),
            b'a' => format!("{}", HexFloat(magnitude, self.precision, self.alternative)),
            _ => general(magnitude, precision.max(1), self.alternative),
        };
        if conversion.is_ascii_uppercase() {
            digits.make_ascii_uppercase();
        }
        let head = self.sign(negative);
        let length = head.len() + if conversion.eq_ignore_ascii_case(&b'a') { 2 } else { 0 };
        self.pad(format!("{head}{digits}").into_bytes(), length)
    }

    /// Fills to the width: blanks, or zeros after the first `head` bytes (sign and prefix).
    fn pad(&self, mut text: Vec<u8>, head: usize) -> Vec<u8> {
        let missing = self.width.saturating_sub(text.len());
        if missing == 0 {
            return text;
        }
        if self.left {
            text.resize(text.len() + missing, b' ');
        } else {
            let (at, fill) = if self.zero { (head.min(text.len()), b'0') } else { (0, b' ') };
            text.splice(at..at, std::iter::repeat_n(fill, missing));
        }
        text
    }
}

fn fixed(value: f64, precision: usize, point: bool) -> String {
    let point = if point && precision == 0 { "." } else { "" };
    format!("{value:.precision$}{point}")
}

fn scientific(value: f64, precision: usize, point: bool) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let point = if point && precision == 0 { "." } else { "" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}{point}e{sign}{:02}", exponent.abs())
}

/// `%g` of a number that is not negative: scientific for small and large exponents, trailing zeros removed.
pub fn general(value: f64, precision: usize, alternative: bool) -> String {
    let rounded = format!("{value:.*e}", precision - 1);
    let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let significant = i64::try_from(precision).unwrap_or(i64::MAX);
    let is_scientific = exponent < -4 || exponent >= significant;
    if alternative {
        let places = usize::try_from(significant - 1 - exponent).unwrap_or(0);
        return if is_scientific {
            scientific(value, precision - 1, true)
        } else {
            fixed(value, places, true)
        };
    }
    let digits = without_trailing_zeros(digits);
    if is_scientific {
        return format!("{digits}e{exponent:+03}");
    }
    placed(digits, exponent)
}

/// Digits with a point behind the first, without exponent.
fn placed(digits: &str, exponent: i64) -> String {
    let mut text = String::with_capacity(digits.len() + 20);
    let (first, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let Ok(shift) = usize::try_from(exponent) else {
        text.push_str("0.");
        text.extend((exponent + 1..0).map(|_| '0'));
        text.push_str(first);
        text.push_str(rest);
        return text;
    };
    let (whole, fraction) = rest.split_at(shift.min(rest.len()));
    text.push_str(first);
    text.push_str(whole);
    text.extend((whole.len()..shift).map(|_| '0'));
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn without_trailing_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// A finite float in C's `%a` form: value, precision, whether to keep the point.
struct HexFloat(f64, Option<usize>, bool);

impl std::fmt::Display for HexFloat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bits = self.0.to_bits();
        let sign = if bits >> 63 == 1 { "-" } else { "" };
        let biased = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let mut mantissa = bits & ((1 << 52) - 1);
        let (mut lead, exponent) = match (biased, mantissa) {
            (0, 0) => (0, 0),
            (0, _) => (0, -1022),
            _ => (1u64, biased - 1023),
        };
        let mut digits = 13;
        if let Some(precision) = self.1.filter(|precision| *precision < 13) {
            let dropped = u32::try_from((13 - precision) * 4).unwrap_or(0);
            let whole = (lead << 52) | mantissa;
            let half = 1u64 << (dropped - 1);
            let (mut kept, rest) = (whole >> dropped, whole & ((1 << dropped) - 1));
            if rest > half || (rest == half && kept & 1 == 1) {
                kept += 1;
            }
            let whole = kept << dropped;
            (lead, mantissa, digits) = (whole >> 52, whole & ((1 << 52) - 1), precision);
        }
        let mut fraction = format!("{mantissa:013x}");
        fraction.truncate(digits);
        match self.1 {
            Some(precision) => fraction.extend(std::iter::repeat_n('0', precision.saturating_sub(13))),
            None => fraction.truncate(fraction.trim_end_matches('0').len()),
        }
        let point = if fraction.is_empty() && !self.2 { "" } else { "." };
        write!(f, "{sign}0x{lead}{point}{fraction}p{exponent:+}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    fn formatted(args: &[Value]) -> String {
        with_cx(|cx| match format(cx, args) {
            Ok(value) => String::from_utf8_lossy(value.as_bytes().unwrap()).into_owned(),
            Err(thrown) => String::from_utf8_lossy(cx.catch(thrown).as_bytes().unwrap()).into_owned(),
        })
    }

    #[test]
    fn directives_mean_what_they_mean_in_c() {
        let cases: [(&str, Value, &str); 28] = [
            ("%d", 42i64.into(), "42"),
            ("%5d|", 42i64.into(), "   42|"),
            ("%-5d|", 42i64.into(), "42   |"),
            ("%05d", (-42i64).into(), "-0042"),
            ("%+d", 42i64.into(), "+42"),
            ("%.3d", 5i64.into(), "005"),
            ("%d", 3.7.into(), "3"),
            ("%x", 255i64.into(), "ff"),
            ("%#x", 255i64.into(), "0xff"),
            ("%x", (-1i64).into(), "ffffffffffffffff"),
            ("%o", 8i64.into(), "10"),
            ("%c", 65i64.into(), "A"),
            ("%5.1f", 1.25.into(), "  1.2"),
            ("%.0f", 0.5.into(), "0"),
            ("%f", 1i64.into(), "1.000000"),
            ("%e", 12345.678.into(), "1.234568e+04"),
            ("%g", 1e15.into(), "1e+15"),
            ("%g", 100_000.0.into(), "100000"),
            ("%g", 0.0001.into(), "0.0001"),
            ("%.3g", 1234.5.into(), "1.23e+03"),
            ("%a", 1.5.into(), "0x1.8p+0"),
            ("%s", Value::NIL, "nil"),
            ("%#o", 8i64.into(), "010"),
            ("%#o", 0i64.into(), "0"),
            ("%5.1s|", "abc".into(), "    a|"),
            ("%q", "a\n\"".into(), "\"a\\\n\\\"\""),
            ("%q", 1.5.into(), "0x1.8p+0"),
            ("%d%%", 7i64.into(), "7%"),
        ];
        for (directive, value, expected) in cases {
            assert_eq!(formatted(&[directive.into(), value]), expected, "{directive}");
        }
    }

    #[test]
    fn wrong_directives_and_arguments_are_named() {
        assert_eq!(formatted(&["%y".into(), Value::NIL]), "invalid option '%y' to 'format'");
        assert_eq!(formatted(&["%123d".into(), Value::NIL]), "invalid format (width or precision too long)");
        assert_eq!(
            formatted(&["%d".into(), "x".into()]),
            "bad argument #2 to 'string.format' (number expected, got string)"
        );
        assert_eq!(formatted(&["%s".into()]), "bad argument #2 to 'string.format' (no value)");
    }
}
