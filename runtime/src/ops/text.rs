//! The text of any value: what `tostring` gives.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::{call, metamethod, number};
use crate::value::{Tag, Value};

/// The text of `value`, `__tostring` included (which cannot suspend).
///
/// # Errors
/// What `__tostring` raises, or `'__tostring' must return a string`.
pub fn tostring(cx: Cx, value: &Value) -> LuaResult<Vec<u8>> {
    if let Some(bytes) = value.as_bytes() {
        return Ok(bytes.to_vec());
    }
    if value.as_table().is_some_and(crate::table::Table::has_metatable) {
        let handler = metamethod(cx, value, b"__tostring");
        if !handler.is_nil() {
            let text = {
                let _callback = cx.forbid_suspension(crate::cx::Suspension::InCallback);
                call::call(cx, &handler, std::slice::from_ref(value))?.first()
            };
            let number = number::format(&text).map(String::into_bytes);
            return match text.as_bytes().map(<[u8]>::to_vec).or(number) {
                Some(text) => Ok(text),
                None => Err(cx.throw_text("'__tostring' must return a string")),
            };
        }
    }
    Ok(plain(value))
}

/// The text of `value` without metamethods.
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
        _ => format!("{}: {:#x}", value.type_name(), value.raw_bits()).into_bytes(),
    }
}
