//! The text of any value: what `tostring` gives.

use std::borrow::Cow;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult};
use crate::ops::{Event, call, metamethod, number};
use crate::string::Sink;
use crate::value::{Tag, Value};

/// The text of `value` as a string value, `__tostring` included (which cannot suspend).
///
/// # Errors
/// What `__tostring` raises, or `'__tostring' must return a string`.
pub fn tostring_value(cx: Cx, value: &Value) -> LuaResult {
    match value.tag() {
        Tag::String | Tag::StaticString => Ok(value.clone()),
        Tag::Table => asked_text(cx, value),
        Tag::UserData if has_metatable(cx, value) => asked_text(cx, value),
        _ => Ok(of(cx, value).into()),
    }
}

fn has_metatable(cx: Cx, value: &Value) -> bool {
    value.as_userdata().is_some_and(|userdata| userdata.body().metatable(cx).is_some())
}

/// As [`tostring_value`], as bytes.
///
/// # Errors
/// As [`tostring_value`].
pub fn tostring(cx: Cx, value: &Value) -> LuaResult<Vec<u8>> {
    if value.tag() == Tag::Table || has_metatable(cx, value) {
        return asked_text(cx, value).map(|text| text.as_bytes().unwrap_or_default().to_vec());
    }
    Ok(of(cx, value))
}

/// What its `__tostring` says, if there is one.
fn asked_text(cx: Cx, value: &Value) -> LuaResult {
    let handler = metamethod(cx, value, Event::Tostring);
    if handler.is_nil() {
        return Ok(of(cx, value).into());
    }
    let text = {
        let _callback = cx.forbid_suspension(crate::cx::Suspension::InCallback);
        call::callback(cx, &handler, std::slice::from_ref(value))?.first()
    };
    match text.tag() {
        Tag::String | Tag::StaticString => Ok(text),
        Tag::Integer | Tag::Float => Ok(of(cx, &text).into()),
        _ => Err(cx.throw_text("'__tostring' must return a string")),
    }
}

/// The text of `value` without `__tostring`.
pub fn of(cx: Cx, value: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    if append(cx, &mut text, value) {
        return text;
    }
    match value.tag() {
        Tag::Table => {
            let name = crate::ops::type_name(cx, value);
            format!("{name}: {:#x}", value.raw_bits()).into_bytes()
        }
        _ => plain(value),
    }
}

/// The text of `value` as an application prints it, without metamethods.
pub fn plain(value: &Value) -> Vec<u8> {
    match value.tag() {
        Tag::Nil => b"nil".to_vec(),
        Tag::Boolean => if value.truthy() { "true" } else { "false" }.into(),
        Tag::Integer | Tag::Float => number::format(value).unwrap_or_default().into_bytes(),
        Tag::String | Tag::StaticString => value.as_bytes().unwrap_or_default().to_vec(),
        Tag::UserData => {
            let text = value.as_userdata().and_then(|userdata| userdata.body().to_text());
            text.unwrap_or_else(|| format!("userdata: {:#x}", value.raw_bits()).into_bytes())
        }
        Tag::Facet => {
            let text = value.facet_text();
            text.unwrap_or_else(|| format!("userdata: {:#x}", value.raw_bits()).into_bytes())
        }
        _ => format!("{}: {:#x}", value.type_name(), value.raw_bits()).into_bytes(),
    }
}

/// Whether `..`, `concat` and string arguments take `value` as text: strings, numbers and errors.
#[inline]
pub fn is_text(value: &Value) -> bool {
    matches!(value.tag(), Tag::String | Tag::StaticString | Tag::Integer | Tag::Float)
        || value.downcast::<ErrorObject>().is_some()
}

/// Appends what [`is_text`]; false for every other value.
#[inline]
pub fn append(cx: Cx, into: &mut impl Sink, value: &Value) -> bool {
    if let Some(bytes) = value.as_bytes() {
        into.extend_from_slice(bytes);
        return true;
    }
    match value.tag() {
        Tag::Integer | Tag::Float => number::append(cx, into, value),
        Tag::UserData => match value.downcast::<ErrorObject>() {
            Some(error) => into.extend_from_slice(&error.message),
            None => return false,
        },
        _ => return false,
    }
    true
}

/// The text of a string, number or error.
pub fn as_text(cx: Cx, value: &Value) -> Option<Cow<'_, [u8]>> {
    if let Some(bytes) = value.as_bytes() {
        return Some(Cow::Borrowed(bytes));
    }
    let mut text = Vec::new();
    append(cx, &mut text, value).then_some(Cow::Owned(text))
}
