//! Concatenation: a whole chain at once, allocating one string.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, Thrown};
use crate::ops::text::{self, is_text};
use crate::ops::{Event, arithmetic, call, type_name};
use crate::string::{MAX_LENGTH, StrBuf};
use crate::value::Value;

/// `values[0] .. values[1] .. ...`, right to left.
///
/// # Errors
/// An operand that is no string, number or error object and has no `__concat`; a result that is
/// too long.
pub fn concat(cx: Cx, values: &[Value]) -> LuaResult {
    if values.iter().all(is_text) { join(cx, values) } else { concat_slow(cx, values) }
}

fn join(cx: Cx, values: &[Value]) -> LuaResult {
    let room: usize = values.iter().map(|value| value.as_bytes().map_or(20, <[u8]>::len)).sum();
    if room > MAX_LENGTH {
        return Err(cx.throw_text("string length overflow"));
    }
    cx.spend_text(room)?;
    let mut joined = StrBuf::with_capacity(room);
    for value in values {
        text::append(cx, &mut joined, value);
    }
    joined.finish(cx)
}

#[cold]
fn concat_slow(cx: Cx, values: &[Value]) -> LuaResult {
    let Some((last, rest)) = values.split_last() else { return Ok(Value::string("")) };
    let mut joined = last.clone();
    for (operand, left) in rest.iter().enumerate().rev() {
        joined = match pair(cx, left, joined, operand)? {
            Pair::Joined(joined) => joined,
            Pair::Handled { handler, right } => {
                call::call_metamethod(cx, &handler, &[left.clone(), right], Event::Concat)?
            }
        };
    }
    Ok(joined)
}

/// As [`concat`], where a `__concat` may suspend.
///
/// # Errors
/// As [`concat`].
pub async fn concat_async(cx: Cx, values: &[Value]) -> LuaResult {
    if values.iter().all(is_text) {
        return join(cx, values);
    }
    let Some((last, rest)) = values.split_last() else { return Ok(Value::string("")) };
    let mut joined = last.clone();
    for (operand, left) in rest.iter().enumerate().rev() {
        joined = match pair(cx, left, joined, operand)? {
            Pair::Joined(joined) => joined,
            Pair::Handled { handler, right } => {
                call::call_metamethod_async(cx, &handler, &[left.clone(), right], Event::Concat).await?
            }
        };
    }
    Ok(joined)
}

/// One step of a chain: the joined text, or the metamethod to call.
enum Pair {
    Joined(Value),
    Handled { handler: Value, right: Value },
}

fn pair(cx: Cx, left: &Value, right: Value, operand: usize) -> LuaResult<Pair> {
    if is_text(left) && is_text(&right) {
        return join(cx, &[left.clone(), right]).map(Pair::Joined);
    }
    let handler = arithmetic::binary_handler(cx, left, &right, Event::Concat);
    if handler.is_nil() {
        return Err(not_text(cx, left, &right, operand));
    }
    Ok(Pair::Handled { handler, right })
}

#[cold]
fn not_text(cx: Cx, left: &Value, right: &Value, operand: usize) -> Thrown {
    let (culprit, operand) = if is_text(left) { (right, operand + 1) } else { (left, operand) };
    let before = format!("attempt to concatenate a {} value", type_name(cx, culprit));
    cx.throw_fault(Fault::Operand { before, after: "", operand })
}
