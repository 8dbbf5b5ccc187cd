//! Messages as Lua sees them.

use std::any::Any;
use std::cell::RefCell;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::mail::Item;
use crate::process::payload::Payload;
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
