//! Concatenation: a whole chain at once, allocating one string.

use crate::cx::Cx;
use crate::error::{ErrorObject, Fault, LuaResult};
use crate::ops::arithmetic::binary_metamethod;
use crate::ops::number;
use crate::value::{Tag, Value};

/// `values[0] .. values[1] .. ...`, right to left.
///
/// # Errors
/// An operand that is no string, number or error object and has no `__concat`.
pub fn concat(cx: Cx, values: &[Value]) -> LuaResult {
    if values.iter().all(is_text) {
        let mut joined = Vec::with_capacity(values.iter().map(length).sum());
        for value in values {
            append(&mut joined, value);
        }
        return Ok(joined.into());
    }
    concat_slow(cx, values)
}

#[cold]
fn concat_slow(cx: Cx, values: &[Value]) -> LuaResult {
    let Some((last, rest)) = values.split_last() else { return Ok(Value::string("")) };
    let mut joined = last.clone();
    for (operand, left) in rest.iter().enumerate().rev() {
        if is_text(left) && is_text(&joined) {
            let mut text = Vec::new();
            append(&mut text, left);
            append(&mut text, &joined);
            joined = text.into();
            continue;
        }
        match binary_metamethod(cx, left, &joined, b"__concat") {
            Some(result) => joined = result?,
            None => {
                let (culprit, operand) = if is_text(left) { (&joined, operand + 1) } else { (left, operand) };
                let before = format!("attempt to concatenate a {} value", culprit.type_name());
                return Err(cx.throw_fault(Fault::Operand { before, after: "", operand }));
            }
        }
    }
    Ok(joined)
}

fn is_text(value: &Value) -> bool {
    matches!(value.tag(), Tag::String | Tag::StaticString | Tag::Integer | Tag::Float)
        || value.downcast::<ErrorObject>().is_some()
}

fn length(value: &Value) -> usize {
    value.as_bytes().map_or(20, <[u8]>::len)
}

fn append(into: &mut Vec<u8>, value: &Value) {
    if let Some(bytes) = value.as_bytes() {
        into.extend_from_slice(bytes);
    } else if let Some(error) = value.downcast::<ErrorObject>() {
        into.extend_from_slice(&error.message);
    } else if let Some(text) = number::format(value) {
        into.extend_from_slice(text.as_bytes());
    }
}
