//! Payloads: a value in a wrapper that knows its format.

use std::cell::RefCell;

use serde_json::Value as Json;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult};
use crate::heap::Tally;
use crate::module::{Field, Module};
use crate::ops::number;
use crate::process::message::Message;
use crate::results::Multi;
use crate::stdlib::{args, json};
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::{Tag, Value};

const LUA: &str = "lua/any";
const ERROR: &str = "golang/error";
const GO: &str = "golang/any";
const JSON: &str = "json/plain";
const YAML: &str = "yaml/plain";
const MSGPACK: &str = "application/msgpack";
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// A value; in every format but `lua/any`, `golang/any` and `golang/error` the bytes of its text.
pub struct Payload {
    value: RefCell<Value>,
    format: &'static str,
}

impl Payload {
    pub fn new_value(cx: Cx, value: Value) -> Value {
        let format = format_of(&value);
        UserDataBox::new(cx, Payload { value: RefCell::new(value), format })
    }
}

/// The format of a value as it was sent.
fn format_of(value: &Value) -> &'static str {
    if value.downcast::<ErrorObject>().is_some() { ERROR } else { LUA }
}

/// What `tostring` gives of the payload of a message.
pub(super) fn text(value: &Value) -> Vec<u8> {
    text_for(format_of(value))
}

fn text_for(format: &str) -> Vec<u8> {
    format!("payload{{format={format}}}").into_bytes()
}

crate::library! {
    pub(super) static PAYLOAD_METHODS = "payload" {
        "data" => plain data; value_of,
        "unmarshal" => plain unmarshal,
        "get_format" => plain get_format,
        "transcode" => plain transcode,
    }
}

/// A format constant.
macro_rules! format_name {
    ($text:literal) => {{
        static TEXT: crate::string::StaticStr = crate::string::StaticStr::new($text.as_bytes());
        Field::String(&TEXT)
    }};
}

crate::library! {
    static FORMATS = "payload.format" {
        "JSON" => value format_name!("json/plain"),
        "YAML" => value format_name!("yaml/plain"),
        "STRING" => value format_name!("text/plain"),
        "GOLANG" => value format_name!("golang/any"),
        "LUA" => value format_name!("lua/any"),
        "BYTES" => value format_name!("application/octet-stream"),
        "MSGPACK" => value format_name!("application/msgpack"),
        "ERROR" => value format_name!("golang/error"),
    }
}

crate::library! {
    /// The `payload` module.
    pub static PAYLOAD = "payload" {
        "new" => plain new,
        "format" => value Field::Module(&FORMATS),
    }
}

/// `payload.new(v)`
///
/// # Errors
/// None.
pub fn new(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Payload::new_value(cx, args.first().cloned().unwrap_or_default()))
}

/// The value of a payload and its format, be it an object of its own or the other face of a message.
#[inline]
fn held(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<(Value, &'static str)> {
    let payload = args.first();
    if let Some(message) = payload.and_then(Value::facet_of::<Message>) {
        let value = message.value();
        let format = format_of(&value);
        return Ok((value, format));
    }
    match payload.and_then(Value::downcast::<Payload>) {
        Some(payload) => Ok((payload.value.borrow().clone(), payload.format)),
        None => Err(args::wrong(cx, args, 1, function, "payload")),
    }
}

/// The Lua value of a payload.
#[inline]
fn lua_value(cx: Cx, (value, format): (Value, &str)) -> Result<Value, String> {
    if format == LUA { Ok(value) } else { decoded(cx, &value, format) }
}

fn decoded(cx: Cx, value: &Value, format: &str) -> Result<Value, String> {
    match format {
        JSON => json::value_of(cx, value.as_bytes().unwrap_or_default()),
        YAML => from_json(cx, serde_yaml::from_slice(value.as_bytes().unwrap_or_default())),
        MSGPACK => from_json(cx, rmp_serde::from_slice(value.as_bytes().unwrap_or_default())),
        _ => Ok(value.clone()),
    }
}

/// The Lua value of data that has the shape of JSON.
fn from_json<E: std::fmt::Display>(cx: Cx, data: Result<Json, E>) -> Result<Value, String> {
    let data = data.map_err(|error| error.to_string())?;
    json::value_of(cx, data.to_string().as_bytes())
}

/// A Lua value as data in the shape of JSON.
fn to_json(cx: Cx, value: &Value) -> Result<Json, String> {
    serde_json::from_slice(json::text_of(cx, value)?.as_bytes().unwrap_or_default())
        .map_err(|error| error.to_string())
}

/// A value in the form of `format`.
fn converted(cx: Cx, value: &Value, format: &str) -> Result<Value, String> {
    match format {
        JSON => json::text_of(cx, value),
        YAML => {
            serde_yaml::to_string(&to_json(cx, value)?).map(Value::from).map_err(|error| error.to_string())
        }
        MSGPACK => {
            rmp_serde::to_vec(&to_json(cx, value)?).map(Value::from).map_err(|error| error.to_string())
        }
        TEXT | BYTES => text_of(value).map(Value::from),
        _ => Ok(value.clone()),
    }
}

/// As [`data`], of which the first result is wanted.
fn value_of(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    match receiver.and_then(Value::facet_of::<Message>) {
        Some(message) => Ok(message.value()),
        None => data(cx, receiver.map(std::slice::from_ref).unwrap_or_default()).map(Multi::first),
    }
}

fn data(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    // What a message carries is as it came: a Lua value, or an error object.
    if let Some(message) = args.first().and_then(Value::facet_of::<Message>) {
        return Ok(Multi::one(cx, message.value()));
    }
    Ok(match lua_value(cx, held(cx, args, "data")?) {
        Ok(value) => Multi::one(cx, value),
        Err(message) => cx.failure("Internal", message),
    })
}

fn unmarshal(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(match lua_value(cx, held(cx, args, "unmarshal")?) {
        Ok(value) => Multi::pair(cx, value, Value::NIL),
        Err(message) => cx.failure("Internal", message),
    })
}

fn get_format(cx: Cx, args: &[Value]) -> LuaResult {
    held(cx, args, "get_format").map(|(_, format)| format.into())
}

/// `payload:transcode(format)`
fn transcode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let payload = held(cx, args, "transcode")?;
    let wanted = args::string(cx, args, 2, "transcode")?;
    let wanted = match &*wanted {
        b"lua/any" => LUA,
        b"golang/any" => GO,
        b"yaml/plain" => YAML,
        b"application/msgpack" => MSGPACK,
        b"json/plain" => JSON,
        b"text/plain" => TEXT,
        b"application/octet-stream" => BYTES,
        _ => return Ok(cx.failure("Internal", "no transcoding path found")),
    };
    let converted = lua_value(cx, payload).and_then(|value| converted(cx, &value, wanted));
    Ok(match converted {
        Ok(value) => {
            let payload = UserDataBox::new(cx, Payload { value: RefCell::new(value), format: wanted });
            Multi::pair(cx, payload, Value::NIL)
        }
        Err(cause) => cx.failure("Internal", format!("error transcoding payload: {cause}")),
    })
}

/// Strings as they are, numbers and booleans as text, nil as nothing.
fn text_of(value: &Value) -> Result<Vec<u8>, String> {
    match value.tag() {
        Tag::Nil => Ok(Vec::new()),
        Tag::Boolean => Ok(value.truthy().to_string().into_bytes()),
        Tag::Integer | Tag::Float => Ok(number::format(value).unwrap_or_default().into_bytes()),
        Tag::StaticString | Tag::String => Ok(value.as_bytes().unwrap_or_default().to_vec()),
        _ => match value.downcast::<ErrorObject>() {
            Some(error) => Ok(error.message.clone()),
            None => Err(format!("a {} has no text", value.type_name())),
        },
    }
}

impl Methods for Payload {
    const METHODS: &'static Module = &PAYLOAD_METHODS;
}

impl UserData for Payload {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(text_for(self.format))
    }

    fn clear(&self) {
        drop(self.value.take());
    }

    fn weigh(&self, tally: &mut Tally) {
        tally.value(&self.value.borrow());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::index::list;
    use crate::s;
    use crate::testing::with_cx;

    #[test]
    fn payloads_change_their_format_and_back() {
        with_cx(|cx| {
            let payload = Payload::new_value(cx, list(cx, [Value::int(1), s!("a")]));
            let json = transcode(cx, &[payload.clone(), s!("json/plain")]).unwrap().first();
            assert_eq!(
                get_format(cx, std::slice::from_ref(&json)).unwrap().as_bytes(),
                Some(&b"json/plain"[..])
            );
            let back = data(cx, &[json]).unwrap().first();
            assert_eq!(back.as_table().unwrap().get_int(2).as_bytes(), Some(&b"a"[..]));
            let number = Payload::new_value(cx, Value::float(2.5));
            let text = transcode(cx, &[number, s!("text/plain")]).unwrap().first();
            assert_eq!(data(cx, &[text]).unwrap().first().as_bytes(), Some(&b"2.5"[..]));
            for format in [s!("yaml/plain"), s!("application/msgpack"), s!("golang/any")] {
                let there = transcode(cx, &[payload.clone(), format]).unwrap().first();
                let back = data(cx, &[there]).unwrap().first();
                assert_eq!(back.as_table().unwrap().get_int(1).as_int(), Some(1));
                assert_eq!(back.as_table().unwrap().get_int(2).as_bytes(), Some(&b"a"[..]));
            }
            for format in [s!("text/html"), s!("text/plain")] {
                let [none, error] = transcode(cx, &[payload.clone(), format]).unwrap().adjust(cx);
                assert!(none.is_nil() && !error.is_nil());
            }
        });
    }
}
