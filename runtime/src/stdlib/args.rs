//! Reading the arguments of library functions, with Lua's texts when they are wrong.
//!
//! Every reader takes the position (from 1) and the function's qualified name (`string.rep`), which
//! messages use where the call site has no name of its own.

use std::borrow::Cow;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::ops::{number, text, type_name};
use crate::table::Table;
use crate::value::{Tag, Value};

/// Argument `position` (from 1); `None` if it was not given.
#[inline]
pub fn get(args: &[Value], position: usize) -> Option<&Value> {
    args.get(position.checked_sub(1)?)
}

/// Argument `position` if it was given and is not nil.
#[inline]
pub fn present(args: &[Value], position: usize) -> Option<&Value> {
    get(args, position).filter(|value| !value.is_nil())
}

/// `T expected, got X`
#[cold]
pub fn wrong(cx: Cx, args: &[Value], position: usize, function: &'static str, expected: &str) -> Thrown {
    let got = get(args, position).map_or("no value".into(), |value| type_name(cx, value));
    cx.throw_argument(position, function, format!("{expected} expected, got {got}"))
}

/// Any value, but one must be there.
///
/// # Errors
/// `value expected`.
#[inline]
pub fn any<'a>(cx: Cx, args: &'a [Value], position: usize, function: &'static str) -> LuaResult<&'a Value> {
    get(args, position).ok_or_else(|| cx.throw_argument(position, function, "value expected"))
}

/// A string; numbers count as their text and error objects as their message.
///
/// # Errors
/// `string expected, got X`.
#[inline]
pub fn string<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Cow<'a, [u8]>> {
    if let Some(bytes) = get(args, position).and_then(Value::as_bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let text = get(args, position).and_then(|value| as_text(cx, value));
    text.ok_or_else(|| wrong(cx, args, position, function, "string"))
}

pub use text::as_text;

/// As [`string`], or `None` for nil and a missing argument.
///
/// # Errors
/// `string expected, got X`.
#[inline]
pub fn optional_string<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Option<Cow<'a, [u8]>>> {
    match present(args, position) {
        None => Ok(None),
        Some(_) => string(cx, args, position, function).map(Some),
    }
}

/// A number, numeric strings included.
///
/// # Errors
/// `number expected, got X`.
#[inline]
pub fn number(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<f64> {
    get(args, position)
        .and_then(number::to_float)
        .ok_or_else(|| wrong(cx, args, position, function, "number"))
}

/// An integer. Numeric strings convert; fractions are cut in applications and refused in scripts.
///
/// # Errors
/// `number expected, got X`; `number has no integer representation`.
#[inline]
pub fn integer(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<i64> {
    match get(args, position).and_then(Value::as_int) {
        Some(integer) => Ok(integer),
        None => integer_slow(cx, args, position, function),
    }
}

fn integer_slow(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<i64> {
    let value = get(args, position).and_then(number::to_number);
    let value = value.ok_or_else(|| wrong(cx, args, position, function, "number"))?;
    if let Some(integer) = value.as_int() {
        return Ok(integer);
    }
    let float = value.as_float().unwrap_or_default();
    let whole = if cx.is_script() { float } else { float.trunc() };
    number::float_to_int(whole)
        .ok_or_else(|| cx.throw_argument(position, function, "number has no integer representation"))
}

/// As [`integer`], or `default` for nil and a missing argument.
///
/// # Errors
/// As [`integer`].
#[inline]
pub fn optional_integer(
    cx: Cx,
    args: &[Value],
    position: usize,
    function: &'static str,
    default: i64,
) -> LuaResult<i64> {
    match present(args, position) {
        None => Ok(default),
        Some(_) => integer(cx, args, position, function),
    }
}

/// A table made by the program.
///
/// # Errors
/// `table expected, got X`.
#[inline]
pub fn table<'a>(cx: Cx, args: &'a [Value], position: usize, function: &'static str) -> LuaResult<&'a Table> {
    get(args, position).and_then(Value::as_table).ok_or_else(|| wrong(cx, args, position, function, "table"))
}

/// A function of any kind.
///
/// # Errors
/// `function expected, got X`.
pub fn function<'a>(cx: Cx, args: &'a [Value], position: usize, name: &'static str) -> LuaResult<&'a Value> {
    get(args, position)
        .filter(|value| matches!(value.tag(), Tag::Closure | Tag::StaticFunction))
        .ok_or_else(|| wrong(cx, args, position, name, "function"))
}

/// One of `options`, or `default` for nil and a missing argument: its position among them.
///
/// # Errors
/// `invalid option 'X'`.
pub fn option(
    cx: Cx,
    args: &[Value],
    position: usize,
    function: &'static str,
    options: &[&str],
    default: usize,
) -> LuaResult<usize> {
    let Some(text) = optional_string(cx, args, position, function)? else { return Ok(default) };
    options.iter().position(|option| option.as_bytes() == &*text).ok_or_else(|| {
        let text = String::from_utf8_lossy(&text);
        cx.throw_argument(position, function, format!("invalid option '{text}'"))
    })
}

/// A length or count as a Lua integer.
#[inline]
pub fn count(length: usize) -> Value {
    Value::int(i64::try_from(length).unwrap_or(i64::MAX))
}
