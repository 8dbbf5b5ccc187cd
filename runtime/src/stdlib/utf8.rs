//! The `utf8` library of Lua 5.3: code points up to U+10FFFF, surrogates included.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::FunctionDef;
use crate::module::Field;
use crate::results::{Args, Multi};
use crate::stdlib::args;
use crate::stdlib::string::from_start;
use crate::string::StaticStr;
use crate::value::Value;

crate::library! {
    pub static UTF8 = "utf8" {
        "char" => plain char,
        "charpattern" => value {
            static PATTERN: StaticStr = StaticStr::new(b"[\0-\x7F\xC2-\xF4][\x80-\xBF]*");
            Field::String(&PATTERN)
        },
        "codepoint" => plain codepoint,
        "codes" => plain codes,
        "len" => plain len,
        "offset" => plain offset,
    }
}

const MAX_CODE: u32 = 0x0010_ffff;

/// The sequence at the start of `bytes`: its code point and length; `None` if it is not valid.
fn decode(bytes: &[u8]) -> Option<(u32, usize)> {
    let (&lead, rest) = bytes.split_first()?;
    let (count, first, least) = match lead {
        0..=0x7f => return Some((u32::from(lead), 1)),
        0xc0..=0xdf => (1, lead & 0x1f, 0x80),
        0xe0..=0xef => (2, lead & 0x0f, 0x800),
        0xf0..=0xf7 => (3, lead & 0x07, 0x1_0000),
        _ => return None,
    };
    let mut code = u32::from(first);
    for byte in rest.get(..count)? {
        if byte & 0xc0 != 0x80 {
            return None;
        }
        code = (code << 6) | u32::from(byte & 0x3f);
    }
    (least..=MAX_CODE).contains(&code).then_some((code, count + 1))
}

/// Whether a sequence goes on at `at`; false beyond the end.
fn is_continuation(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80)
}

/// A code point as 1 to 4 bytes.
fn encode(code: u32, into: &mut Vec<u8>) {
    let low = |shift: u32| 0x80 | ((code >> shift) & 0x3f).to_le_bytes()[0];
    let high = |mark: u8, shift: u32| mark | (code >> shift).to_le_bytes()[0];
    match code {
        0..=0x7f => into.push(high(0, 0)),
        0x80..=0x7ff => into.extend([high(0xc0, 6), low(0)]),
        0x800..=0xffff => into.extend([high(0xe0, 12), low(6), low(0)]),
        _ => into.extend([high(0xf0, 18), low(12), low(6), low(0)]),
    }
}

/// `utf8.char(...)`
///
/// # Errors
/// A code beyond U+10FFFF.
pub fn char(cx: Cx, args: &[Value]) -> LuaResult {
    let mut text = Vec::new();
    for position in 1..=args.len() {
        let code = u32::try_from(args::integer(cx, args, position, "utf8.char")?);
        match code.ok().filter(|code| *code <= MAX_CODE) {
            Some(code) => encode(code, &mut text),
            None => return Err(cx.throw_argument(position, "utf8.char", "value out of range")),
        }
    }
    Ok(text.into())
}

/// `utf8.len(s [, i [, j]])`: the number of characters, or nil and the first bad position.
///
/// # Errors
/// Positions outside of the string.
pub fn len(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let bytes = args::string(cx, args, 1, "utf8.len")?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let first = from_start(args::optional_integer(cx, args, 2, "utf8.len", 1)?, bytes.len());
    let last = from_start(args::optional_integer(cx, args, 3, "utf8.len", -1)?, bytes.len());
    if first < 1 || first - 1 > size {
        return Err(cx.throw_argument(2, "utf8.len", "initial position out of string"));
    }
    if last > size {
        return Err(cx.throw_argument(3, "utf8.len", "final position out of string"));
    }
    let (mut at, last) = (usize::try_from(first - 1).unwrap_or(0), usize::try_from(last).unwrap_or(0));
    cx.spend_bytes(last.saturating_sub(at))?;
    let mut count = 0;
    while at < last {
        let Some((_, length)) = decode(bytes.get(at..).unwrap_or_default()) else {
            return Ok(Multi::from_values(cx, [Value::NIL, args::count(at + 1)]));
        };
        at += length;
        count += 1;
    }
    Ok(Multi::one(cx, Value::int(count)))
}

/// `utf8.codepoint(s [, i [, j]])`
///
/// # Errors
/// Positions outside of the string, bytes that are no UTF-8.
pub fn codepoint(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let bytes = args::string(cx, args, 1, "utf8.codepoint")?;
    let first = from_start(args::optional_integer(cx, args, 2, "utf8.codepoint", 1)?, bytes.len());
    let last = from_start(args::optional_integer(cx, args, 3, "utf8.codepoint", first)?, bytes.len());
    if first < 1 {
        return Err(cx.throw_argument(2, "utf8.codepoint", "out of range"));
    }
    if last > i64::try_from(bytes.len()).unwrap_or(i64::MAX) {
        return Err(cx.throw_argument(3, "utf8.codepoint", "out of range"));
    }
    let (mut at, last) =
        (usize::try_from(first - 1).unwrap_or(usize::MAX), usize::try_from(last).unwrap_or(0));
    let mut codes = Args::new();
    while at < last {
        let Some((code, length)) = decode(bytes.get(at..).unwrap_or_default()) else {
            return Err(cx.throw_text("invalid UTF-8 code"));
        };
        codes.push(Value::int(i64::from(code)));
        at += length;
    }
    Ok(Multi::from_values(cx, codes))
}

/// `utf8.offset(s, n [, i])`: where the n-th character from position i starts.
///
/// # Errors
/// A position outside of the string or inside of a character.
pub fn offset(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "utf8.offset")?;
    let mut count = args::integer(cx, args, 2, "utf8.offset")?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let default = if count >= 0 { 1 } else { size + 1 };
    let start = from_start(args::optional_integer(cx, args, 3, "utf8.offset", default)?, bytes.len());
    if start < 1 || start - 1 > size {
        return Err(cx.throw_argument(3, "utf8.offset", "position out of range"));
    }
    let mut at = usize::try_from(start - 1).unwrap_or(0);
    if count == 0 {
        while at > 0 && is_continuation(&bytes, at) {
            at -= 1;
        }
        return Ok(args::count(at + 1));
    }
    if is_continuation(&bytes, at) {
        return Err(cx.throw_text("initial position is a continuation byte"));
    }
    if count > 0 {
        count -= 1;
    }
    while count < 0 && at > 0 {
        at -= 1;
        while at > 0 && is_continuation(&bytes, at) {
            at -= 1;
        }
        count += 1;
    }
    while count > 0 && at < bytes.len() {
        at += 1;
        while is_continuation(&bytes, at) {
            at += 1;
        }
        count -= 1;
    }
    Ok(if count == 0 { args::count(at + 1) } else { Value::NIL })
}

/// What `utf8.codes` returns first.
pub(crate) static CODES_STEP: FunctionDef = crate::native!("codes", codes_step);

/// `utf8.codes(s)`: an iterator over positions and code points.
///
/// # Errors
/// No string.
pub fn codes(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let text = args::string(cx, args, 1, "utf8.codes")?;
    let subject = match args.first() {
        Some(subject) if subject.as_bytes().is_some() => subject.clone(),
        _ => Value::string(&text),
    };
    Ok(Multi::from_values(cx, [Value::function(&CODES_STEP), subject, Value::int(0)]))
}

fn codes_step(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    // A loop calls it `for iterator`.
    let bytes = args::string(cx, args, 1, "?")?;
    let before = args.get(1).and_then(crate::ops::number::to_int).unwrap_or(0);
    let at = match usize::try_from(before - 1) {
        Err(_) => 0,
        Ok(mut at) => {
            if at < bytes.len() {
                at += 1;
                while is_continuation(&bytes, at) {
                    at += 1;
                }
            }
            at
        }
    };
    if at >= bytes.len() {
        return Ok(Multi::none(cx));
    }
    match code_at(&bytes, at) {
        Some((code, _)) => Ok(Multi::pair(cx, args::count(at + 1), Value::int(i64::from(code)))),
        None => Err(cx.throw_text("invalid UTF-8 code")),
    }
}

/// The code point of the character that begins at `at`, and where the next one begins; `None` if it is none.
#[inline]
pub(crate) fn code_at(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let (code, length) = decode(bytes.get(at..)?)?;
    (!is_continuation(bytes, at + length)).then_some((code, at + length))
}
