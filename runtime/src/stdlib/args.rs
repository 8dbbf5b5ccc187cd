//! Reading the arguments of library functions, with Lua's texts when they are wrong.

use std::borrow::Cow;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult, Thrown};
use crate::ops::number;
use crate::table::Table;
use crate::value::{Tag, Value};

/// Argument `position` (from 1); `None` if it was not given.
pub fn get(args: &[Value], position: usize) -> Option<&Value> {
    args.get(position.checked_sub(1)?)
}

/// `T expected, got X`
#[cold]
pub fn wrong(cx: Cx, args: &[Value], position: usize, function: &'static str, expected: &str) -> Thrown {
    let got = get(args, position).map_or("no value", Value::type_name);
    cx.throw_argument(position, function, format!("{expected} expected, got {got}"))
}

/// Any value, but one must be there.
///
/// # Errors
/// `value expected`.
pub fn any<'a>(cx: Cx, args: &'a [Value], position: usize, function: &'static str) -> LuaResult<&'a Value> {
    get(args, position).ok_or_else(|| cx.throw_argument(position, function, "value expected"))
}

/// A string; numbers count as their text and error objects as their message.
///
/// # Errors
/// `string expected, got X`.
pub fn string<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Cow<'a, [u8]>> {
    get(args, position).and_then(as_text).ok_or_else(|| wrong(cx, args, position, function, "string"))
}

/// The text of a string, number or error object.
pub fn as_text(value: &Value) -> Option<Cow<'_, [u8]>> {
    if let Some(bytes) = value.as_bytes() {
        return Some(Cow::Borrowed(bytes));
    }
    if let Some(error) = value.downcast::<ErrorObject>() {
        return Some(Cow::Borrowed(&error.message));
    }
    number::format(value).map(|text| Cow::Owned(text.into_bytes()))
}

/// As [`string`], or `None` for nil and a missing argument.
///
/// # Errors
/// `string expected, got X`.
pub fn optional_string<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Option<Cow<'a, [u8]>>> {
    match get(args, position) {
        None => Ok(None),
        Some(value) if value.is_nil() => Ok(None),
        Some(_) => string(cx, args, position, function).map(Some),
    }
}

/// A number, numeric strings included.
///
/// # Errors
/// `number expected, got X`.
pub fn number(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<f64> {
    get(args, position)
        .and_then(number::to_float)
        .ok_or_else(|| wrong(cx, args, position, function, "number"))
}

/// An integer: numeric strings convert, fractions are cut.
///
/// # Errors
/// `number expected, got X`; `number has no integer representation` beyond 64 bits.
pub fn integer(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<i64> {
    let value = get(args, position).and_then(number::to_number);
    let value = value.ok_or_else(|| wrong(cx, args, position, function, "number"))?;
    if let Some(integer) = value.as_int() {
        return Ok(integer);
    }
    value
        .as_float()
        .and_then(|float| number::float_to_int(float.trunc()))
        .ok_or_else(|| cx.throw_argument(position, function, "number has no integer representation"))
}

/// As [`integer`], or `default` for nil and a missing argument.
///
/// # Errors
/// As [`integer`].
pub fn optional_integer(
    cx: Cx,
    args: &[Value],
    position: usize,
    function: &'static str,
    default: i64,
) -> LuaResult<i64> {
    match get(args, position) {
        None => Ok(default),
        Some(value) if value.is_nil() => Ok(default),
        Some(_) => integer(cx, args, position, function),
    }
}

/// A table made by the program.
///
/// # Errors
/// `table expected, got X`.
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
