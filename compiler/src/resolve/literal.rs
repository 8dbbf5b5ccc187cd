//! The values of number and string literals, by Lua 5.3's rules.

use crate::hir::ExprKind;

/// A number literal; `None` if it is malformed.
pub fn number(text: &str) -> Option<ExprKind> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(hex) = hex {
        return hexadecimal(hex);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What does not fit an integer is a float.
        return text.parse().map(ExprKind::Integer).or_else(|_| text.parse().map(ExprKind::Float)).ok();
    }
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if is_plain { text.parse().map(ExprKind::Float).ok() } else { None }
}

fn hexadecimal(digits: &str) -> Option<ExprKind> {
    let (mantissa, exponent) = match digits.split_once(['p', 'P']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.parse::<i32>().ok()?)),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let values: Vec<u32> =
        whole.chars().chain(fraction.chars()).map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    if values.is_empty() {
        return None;
    }
    if exponent.is_none() && !mantissa.contains('.') {
        let wrapped = values.iter().fold(0u64, |sum, digit| (sum << 4) | u64::from(*digit));
        return Some(ExprKind::Integer(wrapped.cast_signed()));
    }
    let value = values.iter().fold(0.0, |sum, digit| sum * 16.0 + f64::from(*digit));
    let places = i32::try_from(fraction.len()).ok()?;
    Some(ExprKind::Float(value * 2f64.powi(exponent.unwrap_or(0).saturating_sub(places.saturating_mul(4)))))
}

/// The bytes of a string literal with its quotes or long brackets.
///
/// # Errors
/// The text for a wrong escape.
pub fn string(literal: &str) -> Result<Vec<u8>, &'static str> {
    if literal.starts_with('[') {
        return Ok(long(literal));
    }
    let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = if byte == b'\\' {
            escape(after, &mut bytes)?
        } else {
            bytes.push(byte);
            after
        };
    }
    Ok(bytes)
}

/// `[==[ ... ]==]`: no escapes; a first line end is skipped and line ends become LF.
fn long(literal: &str) -> Vec<u8> {
    let level = literal.bytes().skip(1).take_while(|byte| *byte == b'=').count() + 2;
    let inner = literal.get(level..literal.len().saturating_sub(level)).unwrap_or_default();
    let inner = inner.replace("\r\n", "\n").replace('\r', "\n");
    inner.strip_prefix('\n').unwrap_or(&inner).as_bytes().to_vec()
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
        b'\\' | b'"' | b'\'' | b'\n' => letter,
        b'\r' => {
            into.push(b'\n');
            return Ok(rest.strip_prefix(b"\n").unwrap_or(rest));
        }
        b'z' => return Ok(rest.trim_ascii_start()),
        b'x' => {
            let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            into.push(byte.ok_or("hexadecimal digit expected")?);
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

/// `\u{XXX}`: UTF-8, also beyond Unicode as Lua 5.3 allows up to 0x10FFFF.
fn unicode<'a>(text: &'a [u8], into: &mut Vec<u8>) -> Result<&'a [u8], &'static str> {
    let inner = text.strip_prefix(b"{").ok_or("missing '{' in \\u{xxxx}")?;
    let end = inner.iter().position(|byte| *byte == b'}').ok_or("missing '}' in \\u{xxxx}")?;
    let (digits, rest) = inner.split_at(end);
    let digits = std::str::from_utf8(digits).map_err(|_| "hexadecimal digit expected")?;
    let code = u32::from_str_radix(digits, 16).map_err(|_| "hexadecimal digit expected")?;
    if code > 0x10_ffff {
        return Err("UTF-8 value too large");
    }
    match char::from_u32(code) {
        Some(character) => into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        // A surrogate: Lua encodes it all the same.
        None => into.extend([
            0xe0 | u8::try_from(code >> 12).unwrap_or(0),
            0x80 | u8::try_from((code >> 6) & 0x3f).unwrap_or(0),
            0x80 | u8::try_from(code & 0x3f).unwrap_or(0),
        ]),
    }
    Ok(rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_lua_5_3_numbers() {
        assert_eq!(number("010"), Some(ExprKind::Integer(10)));
        assert_eq!(number("0xFFFFFFFFFFFFFFFF"), Some(ExprKind::Integer(-1)));
        assert_eq!(number("9223372036854775808"), Some(ExprKind::Float(9_223_372_036_854_775_808.0)));
        assert_eq!(number("0x1p4"), Some(ExprKind::Float(16.0)));
        assert_eq!(number("3."), Some(ExprKind::Float(3.0)));
        assert_eq!(number("1x"), None);
    }

    #[test]
    fn escapes_mean_their_bytes() {
        for (literal, bytes) in [
            (r#""\027[0m""#, &b"\x1b[0m"[..]),
            (r"'\x41\65\u{e9}\z   b\''", "AA\u{e9}b'".as_bytes()),
            ("[[\nline\r\n]]", b"line\n"),
            ("[==[a]]]==]", b"a]]"),
        ] {
            assert_eq!(string(literal).as_deref(), Ok(bytes), "{literal}");
        }
        assert_eq!(string(r"'\400'"), Err("decimal escape too large"));
        assert_eq!(string(r"'\q'"), Err("invalid escape sequence"));
    }
}
