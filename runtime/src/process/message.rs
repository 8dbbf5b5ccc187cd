//! Messages and payloads as Lua sees them.

use std::any::Any;
use std::cell::RefCell;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::{Field, Module};
use crate::process::mail::Item;
use crate::process::pid::Pid;
use crate::process::topic::Topic;
use crate::s;
use crate::stdlib::args;
use crate::table::Table;
use crate::userdata::{UserData, UserDataBox};
use crate::value::Value;

/// A received message: topic, sender, payload.
pub struct Message {
    topic: Topic,
    from: Option<Pid>,
    /// A payload object, a list of them, or nil.
    payload: RefCell<Value>,
}

impl Message {
    pub fn new_value(cx: Cx, item: Item) -> Value {
        let mut payloads: Vec<Value> =
            item.payloads.into_iter().map(|value| Payload::new_value(cx, value)).collect();
        let payload = match payloads.len() {
            0 => Value::NIL,
            1 => payloads.pop().unwrap_or_default(),
            _ => {
                let list = Table::new(cx);
                crate::ops::index::append(&list, 1, payloads);
                list
            }
        };
        UserDataBox::new(cx, Message { topic: item.topic, from: item.from, payload: RefCell::new(payload) })
    }
}

crate::library! {
    static MESSAGE = "process.Message" {
        "topic" => plain topic,
        "from" => plain from,
        "payload" => plain payload,
    }
}

fn message<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Message> {
    let found = args.first().and_then(Value::downcast);
    found.ok_or_else(|| args::wrong(cx, args, 1, function, "message"))
}

fn topic(cx: Cx, args: &[Value]) -> LuaResult {
    message(cx, args, "topic").map(|message| message.topic.to_value())
}

fn from(cx: Cx, args: &[Value]) -> LuaResult {
    let from = message(cx, args, "from")?.from;
    let value = cx.process().system.as_ref().zip(from).map(|(system, pid)| system.pid_value(pid));
    Ok(value.unwrap_or_else(|| s!("")))
}

fn payload(cx: Cx, args: &[Value]) -> LuaResult {
    message(cx, args, "payload").map(|message| message.payload.borrow().clone())
}

impl UserData for Message {
    fn methods(&self) -> &'static Module {
        &MESSAGE
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some([b"process.Message{topic=", self.topic.bytes(), b"}"].concat())
    }

    fn clear(&self) {
        drop(self.payload.take());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A value in a wrapper: `:data()` gives it back.
pub struct Payload(RefCell<Value>);

impl Payload {
    pub fn new_value(cx: Cx, value: Value) -> Value {
        UserDataBox::new(cx, Payload(RefCell::new(value)))
    }
}

crate::library! {
    static PAYLOAD_METHODS = "payload" {
        "data" => plain data,
        "unmarshal" => plain data,
        "get_format" => plain get_format,
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

fn held<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Payload> {
    let found = args.first().and_then(Value::downcast);
    found.ok_or_else(|| args::wrong(cx, args, 1, function, "payload"))
}

fn data(cx: Cx, args: &[Value]) -> LuaResult {
    held(cx, args, "data").map(|payload| payload.0.borrow().clone())
}

fn get_format(cx: Cx, args: &[Value]) -> LuaResult {
    let payload = held(cx, args, "get_format")?;
    let is_error = payload.0.borrow().downcast::<crate::error::ErrorObject>().is_some();
    Ok(if is_error { "golang/error" } else { "lua/any" }.into())
}

impl UserData for Payload {
    fn methods(&self) -> &'static Module {
        &PAYLOAD_METHODS
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some(b"payload{format=lua/any}".to_vec())
    }

    fn clear(&self) {
        drop(self.0.take());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
