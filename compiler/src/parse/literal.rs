//! The values of number and string literals, by Lua 5.3's rules.

/// The value of a numeral.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Integer(i64),
    Float(f64),
}

/// A number literal; `None` if it is malformed.
pub fn number(text: &str) -> Option<Number> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return hexadecimal(hex);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What does not fit an integer is a float.
        return text.parse().map(Number::Integer).or_else(|_| text.parse().map(Number::Float)).ok();
    }
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if is_plain { text.parse().map(Number::Float).ok() } else { None }
}

/// So many digits count; a double holds fewer. Further ones only move the exponent.
const SIGNIFICANT: usize = 30;

fn hexadecimal(text: &str) -> Option<Number> {
    let (mantissa, exponent) = match text.split_once(['p', 'P']) {
        Some((mantissa, exponent)) => (mantissa, Some(binary_exponent(exponent)?)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u32> =
        whole.chars().chain(fraction.chars()).map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    if digits.is_empty() {
        return None;
    }
    if exponent.is_none() && !mantissa.contains('.') {
        let wrapped = digits.iter().fold(0u64, |sum, digit| (sum << 4) | u64::from(*digit));
        return Some(Number::Integer(wrapped.cast_signed()));
    }
    let counted = digits.get(digits.iter().take_while(|digit| **digit == 0).count()..).unwrap_or_default();
    let (counted, dropped) = counted.split_at(counted.len().min(SIGNIFICANT));
    let value = counted.iter().fold(0.0, |sum, digit| sum * 16.0 + f64::from(*digit));
    let bits = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX / 8) * 4;
    let shift = exponent.unwrap_or(0) + bits(dropped.len()) - bits(fraction.len());
    Some(Number::Float(scaled(value, shift)))
}

/// The exponent behind `p`; what is out of every double's range is cut to a bound outside it.
fn binary_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
    Some(if text.starts_with('-') { -size } else { size })
}

/// `value * 2^shift`, rounded once.
fn scaled(mut value: f64, shift: i64) -> f64 {
    let mut rest = i32::try_from(shift.clamp(-4000, 4000)).unwrap_or(0);
    while rest != 0 {
        let step = rest.clamp(-1000, 1000);
        value *= 2f64.powi(step);
        rest -= step;
    }
    value
}

/// A wrong escape: its bytes within the literal, and Lua's text for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    pub start: usize,
    pub end: usize,
    pub text: &'static str,
}

/// The bytes of a string literal with its quotes or long brackets.
///
/// # Errors
/// The first wrong escape.
pub fn string(literal: &str) -> Result<Vec<u8>, Malformed> {
    if literal.starts_with('[') {
        return Ok(long(literal));
    }
    let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default().as_bytes();
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'\\' {
            bytes.push(byte);
            rest = after;
            continue;
        }
        let start = 1 + inner.len() - rest.len();
        rest = escape(after, &mut bytes).map_err(|text| {
            let length = escape_length(after);
            Malformed { start, end: start + length, text }
        })?;
    }
    Ok(bytes)
}

/// How much a caret marks of a wrong escape: the backslash, its letter and the digits behind.
fn escape_length(after: &[u8]) -> usize {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    match after.split_first() {
        Some((b'x', rest)) => 2 + digits(rest.get(..2).unwrap_or(rest)),
        Some((b'u', rest)) => match rest.strip_prefix(b"{") {
            Some(inner) => 3 + digits(inner),
            None => 2,
        },
        Some((byte, _)) if byte.is_ascii_digit() => {
            1 + after.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count()
        }
        Some((byte, _)) if byte.is_ascii() => 2,
        // A character of several bytes.
        Some(_) => {
            1 + after
                .utf8_chunks()
                .next()
                .map_or(1, |chunk| chunk.valid().chars().next().map_or(1, char::len_utf8))
        }
        None => 1,
    }
}

/// `[==[ ... ]==]`: no escapes; a first line end is skipped and line ends become LF.
fn long(literal: &str) -> Vec<u8> {
    let level = literal.bytes().skip(1).take_while(|byte| *byte == b'=').count() + 2;
    let inner = literal.get(level..literal.len().saturating_sub(level)).unwrap_or_default();
    let lines: Vec<&str> = crate::source::lines(inner).collect();
    let text = match lines.as_slice() {
        ["", rest @ ..] if !rest.is_empty() => rest.join("\n"),
        lines => lines.join("\n"),
    };
    text.into_bytes()
}

/// One escape behind its backslash; what is left of the text.
fn escape<'a>(text: &'a [u8], into: &mut Vec<u8>) -> Result<&'a [u8], &'static str> {
    let Some((&letter, rest)) = text.split_first() else { return Err("unfinished escape") };
    let simple = match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'"' | b'\'' => letter,
        b'\n' | b'\r' => {
            into.push(b'\n');
            // Either order of the two is one line end.
            let other = if letter == b'\n' { b'\r' } else { b'\n' };
            return Ok(rest.strip_prefix(&[other]).unwrap_or(rest));
        }
        b'z' => {
            let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x0b).count();
            return Ok(rest.get(blanks..).unwrap_or_default());
        }
        b'x' => {
            let digits = rest.get(..2).unwrap_or_default();
            into.push(hex(digits, 2).and_then(|code| u8::try_from(code).ok()).ok_or(NO_HEX_DIGIT)?);
            return Ok(rest.get(2..).unwrap_or_default());
        }
        b'u' => return unicode(rest, into),
        b'0'..=b'9' => {
            let digits = text.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, rest) = text.split_at(digits);
            let code = digits.iter().fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
            into.push(u8::try_from(code).map_err(|_| "decimal escape too large")?);
            return Ok(rest);
        }
        _ => return Err("invalid escape sequence"),
    };
    into.push(simple);
    Ok(rest)
}

const NO_HEX_DIGIT: &str = "hexadecimal digit expected";

/// At least `least` hexadecimal digits and nothing else; too large values are cut to the largest.
fn hex(digits: &[u8], least: usize) -> Option<u32> {
    if digits.len() < least {
        return None;
    }
    digits.iter().try_fold(0u32, |sum, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(sum.checked_mul(16).map_or(u32::MAX, |sum| sum | digit))
    })
}

/// `\u{XXX}`: UTF-8, surrogates included, up to 0x10FFFF as in Lua 5.3.
fn unicode<'a>(text: &'a [u8], into: &mut Vec<u8>) -> Result<&'a [u8], &'static str> {
    let inner = text.strip_prefix(b"{").ok_or("missing '{' in \\u{xxxx}")?;
    let length = inner.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (digits, rest) = inner.split_at(length);
    let code = hex(digits, 1).ok_or(NO_HEX_DIGIT)?;
    if code > 0x10_ffff {
        return Err("UTF-8 value too large");
    }
    let rest = rest.strip_prefix(b"}").ok_or("missing '}' in \\u{xxxx}")?;
    match char::from_u32(code) {
        Some(character) => into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        // A surrogate: Lua encodes it all the same.
        None => into.extend([
            0xe0 | u8::try_from(code >> 12).unwrap_or(0),
            0x80 | u8::try_from((code >> 6) & 0x3f).unwrap_or(0),
            0x80 | u8::try_from(code & 0x3f).unwrap_or(0),
        ]),
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_lua_5_3_numbers() {
        let cases = [
            ("010", Number::Integer(10)),
            ("0xFFFFFFFFFFFFFFFF", Number::Integer(-1)),
            ("0x1ffffffffffffffff", Number::Integer(-1)),
            ("9223372036854775807", Number::Integer(i64::MAX)),
            ("9223372036854775808", Number::Float(9_223_372_036_854_775_808.0)),
            ("0x1p4", Number::Float(16.0)),
            ("0x.8", Number::Float(0.5)),
            ("0xA.8P-3", Number::Float(1.3125)),
            ("0x1p-1074", Number::Float(5e-324)),
            ("0x1p+99999999999999999999", Number::Float(f64::INFINITY)),
            ("3.", Number::Float(3.0)),
            (".5e1", Number::Float(5.0)),
        ];
        for (text, value) in cases {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in
            ["1x", "1..2", "0x", "0xp1", "0x1p", "0x1p+", "1e", "1e+", "1_000", "0b101", "1.2.3", "0x1.2.3"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn escapes_mean_their_bytes() {
        for (literal, bytes) in [
            (r#""\027[0m""#, &b"\x1b[0m"[..]),
            (r"'\x41\65\u{e9}\z   b\''", "AA\u{e9}b'".as_bytes()),
            (r"'\u{D800}\u{0010FFFF}'", b"\xed\xa0\x80\xf4\x8f\xbf\xbf"),
            ("'a\\\r\nb\\\nc'", b"a\nb\nc"),
            ("[[\nline\r\n]]", b"line\n"),
            ("[==[a]]]==]", b"a]]"),
        ] {
            assert_eq!(string(literal).as_deref(), Ok(bytes), "{literal}");
        }
    }

    #[test]
    fn wrong_escapes_name_their_place() {
        for (literal, start, end, text) in [
            (r"'\400'", 1, 5, "decimal escape too large"),
            (r"'ab\q'", 3, 5, "invalid escape sequence"),
            (r"'\é'", 1, 4, "invalid escape sequence"),
            (r"'\x+1'", 1, 3, NO_HEX_DIGIT),
            (r"'\x4'", 1, 4, NO_HEX_DIGIT),
            (r"'\u{}'", 1, 4, NO_HEX_DIGIT),
            (r"'\u41'", 1, 3, "missing '{' in \\u{xxxx}"),
            (r"'\u{41'", 1, 6, "missing '}' in \\u{xxxx}"),
            (r"'\u{110000}'", 1, 10, "UTF-8 value too large"),
            (r"'\u{fffffffffff}'", 1, 15, "UTF-8 value too large"),
        ] {
            assert_eq!(string(literal), Err(Malformed { start, end, text }), "{literal}");
        }
    }
}
