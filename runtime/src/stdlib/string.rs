//! The `string` library, also the methods of every string. Searching is in
//! [`string_search`](super::string_search), formats in [`format`](crate::string::format), binary
//! layouts in [`string_pack`](super::string_pack).

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::stdlib::args;
use crate::string::{MAX_LENGTH, Sink, StrBuf};
use crate::value::Value;

pub use super::string_pack::{pack, packsize, unpack};
pub use super::string_search::{find, gmatch, gsub, match_};
pub use crate::string::format::format;

crate::library! {
    pub static STRING = "string" {
        "byte" => plain byte,
        "char" => plain char,
        "dump" => plain dump,
        "find" => plain find,
        "format" => plain format,
        "gfind" => plain gmatch,
        "gmatch" => plain gmatch,
        "gsub" => plain gsub,
        "len" => plain len,
        "lower" => plain lower,
        "match" => plain match_,
        "pack" => plain pack,
        "packsize" => plain packsize,
        "rep" => plain rep,
        "reverse" => plain reverse,
        "sub" => plain sub,
        "unpack" => plain unpack,
        "upper" => plain upper,
    }
}

/// A 1-based position that may count from the end, as a position from 1 (0: before the start).
#[inline]
pub(crate) fn from_start(position: i64, length: usize) -> i64 {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if position >= 0 { position } else { length.saturating_add(position).saturating_add(1).max(0) }
}

/// The bytes `i..=j` of Lua's positions.
#[inline]
fn slice(bytes: &[u8], i: i64, j: i64) -> &[u8] {
    let start = from_start(i, bytes.len()).max(1) - 1;
    let end = from_start(j, bytes.len());
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return &[] };
    bytes.get(start..end.min(bytes.len())).unwrap_or_default()
}

/// `string.sub(s, i [, j])`
///
/// # Errors
/// Wrong arguments.
pub fn sub(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "string.sub")?;
    let i = args::integer(cx, args, 2, "string.sub")?;
    let j = args::optional_integer(cx, args, 3, "string.sub", -1)?;
    StrBuf::copy(cx, slice(&bytes, i, j))
}

/// `string.byte(s [, i [, j]])`
///
/// # Errors
/// Wrong arguments.
pub fn byte(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let bytes = args::string(cx, args, 1, "string.byte")?;
    let i = args::optional_integer(cx, args, 2, "string.byte", 1)?;
    // A missing end is the start as it counts from the front, so that 0 gives nothing.
    let j = args::optional_integer(cx, args, 3, "string.byte", from_start(i, bytes.len()))?;
    match slice(&bytes, i, j) {
        [byte] => Ok(Multi::one(cx, Value::int(i64::from(*byte)))),
        bytes => {
            cx.spend_many(bytes.len())?;
            Ok(Multi::from_values(cx, bytes.iter().map(|byte| Value::int(i64::from(*byte)))))
        }
    }
}

/// `string.char(...)`
///
/// # Errors
/// A code that is no byte.
pub fn char(cx: Cx, args: &[Value]) -> LuaResult {
    let mut bytes = StrBuf::with_capacity(args.len());
    for position in 1..=args.len() {
        let code = args::integer(cx, args, position, "string.char")?;
        let byte = u8::try_from(code);
        bytes.push(byte.map_err(|_| cx.throw_argument(position, "string.char", "value out of range"))?);
    }
    bytes.finish(cx)
}

/// `string.len(s)`
///
/// # Errors
/// No string.
pub fn len(cx: Cx, args: &[Value]) -> LuaResult {
    args::string(cx, args, 1, "string.len").map(|bytes| args::count(bytes.len()))
}

/// `string.reverse(s)`
///
/// # Errors
/// No string.
pub fn reverse(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "string.reverse")?;
    cx.spend_text(bytes.len())?;
    let mut reversed = StrBuf::with_capacity(bytes.len());
    reversed.extend_changed(&bytes, <[u8]>::reverse);
    reversed.finish(cx)
}

/// `string.upper(s)`: Unicode-aware in applications, where bytes that are no UTF-8 stay; ASCII in
/// scripts.
///
/// # Errors
/// No string.
pub fn upper(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "string.upper")?;
    cx.spend_text(bytes.len())?;
    change_case(cx, &bytes, str::to_uppercase, <[u8]>::make_ascii_uppercase)
}

/// `string.lower(s)`, as [`upper`].
///
/// # Errors
/// No string.
pub fn lower(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "string.lower")?;
    cx.spend_text(bytes.len())?;
    change_case(cx, &bytes, str::to_lowercase, <[u8]>::make_ascii_lowercase)
}

fn change_case(cx: Cx, bytes: &[u8], text: fn(&str) -> String, ascii: fn(&mut [u8])) -> LuaResult {
    let mut changed = StrBuf::with_capacity(bytes.len());
    if cx.is_script() || bytes.is_ascii() {
        changed.extend_changed(bytes, ascii);
        return changed.finish(cx);
    }
    for chunk in bytes.utf8_chunks() {
        changed.extend_from_slice(text(chunk.valid()).as_bytes());
        changed.extend_from_slice(chunk.invalid());
    }
    changed.finish(cx)
}

/// So much is written without looking around.
const PIECE: usize = 1024 * 1024;

/// `string.rep(s, n [, separator])`
///
/// # Errors
/// Wrong arguments, or a result that is too large.
pub fn rep(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "string.rep")?;
    let count = usize::try_from(args::integer(cx, args, 2, "string.rep")?).unwrap_or(0);
    let separator = args::optional_string(cx, args, 3, "string.rep")?.unwrap_or_default();
    if count == 0 {
        return Ok(Value::string(""));
    }
    let total = (bytes.len() + separator.len()).checked_mul(count);
    if total.is_none_or(|total| total > MAX_LENGTH) {
        return Err(cx.throw_text("resulting string too large"));
    }
    let total = total.unwrap_or_default() - separator.len();
    cx.spend_text(total)?;
    let mut repeated = StrBuf::with_capacity(total);
    if bytes.len() + separator.len() > PIECE {
        for left in (0..count).rev() {
            repeated.extend_from_slice(&bytes);
            if left > 0 {
                repeated.extend_from_slice(&separator);
            }
            cx.spend_text(bytes.len())?;
        }
        return repeated.finish(cx);
    }
    // In pieces, so that others get their turn while much is written.
    let unit = [&*bytes, &*separator].concat();
    let piece = unit.repeat((PIECE / unit.len().max(1)).clamp(1, count));
    let mut left = total;
    while left > 0 {
        let part = piece.get(..left).unwrap_or(&piece);
        repeated.extend_from_slice(part);
        left -= part.len();
        cx.spend_text(part.len())?;
    }
    repeated.finish(cx)
}

/// `string.dump(...)`: there is no byte code to dump. A script hears what Lua says of functions in C.
///
/// # Errors
/// Always.
pub fn dump(cx: Cx, args: &[Value]) -> LuaResult<()> {
    if cx.is_script() {
        args::function(cx, args, 1, "string.dump")?;
        return Err(cx.throw_text("unable to dump given function"));
    }
    Err(cx.throw_text("GopherLua does not support the string.dump"))
}
