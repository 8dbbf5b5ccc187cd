//! Messages as Lua sees them.

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
use crate::transfer::Payloads;
use crate::userdata::{UserData, UserDataBox};
use crate::value::Value;

/// A received message: topic, sender, payload.
pub struct Message {
    topic: Topic,
    from: Option<Pid>,
    payload: RefCell<Content>,
}

/// What a message carries.
enum Content {
    /// The values as they came.
    Raw(Payloads),
    /// What `payload()` has made of them: a payload object, a list of them, or nil.
    Wrapped(Value),
}

impl Message {
    pub fn new_value(cx: Cx, item: Item) -> Value {
        let payload = RefCell::new(Content::Raw(item.payloads));
        UserDataBox::new(cx, Message { topic: item.topic, from: item.from, payload })
    }

    /// The payload object, made when first asked for.
    fn payload(&self, cx: Cx) -> Value {
        let content = &mut *self.payload.borrow_mut();
        if let Content::Raw(values) = content {
            *content = Content::Wrapped(wrapped(cx, std::mem::take(values)));
        }
        match content {
            Content::Wrapped(value) => value.clone(),
            Content::Raw(_) => Value::NIL,
        }
    }
}

fn wrapped(cx: Cx, mut values: Payloads) -> Value {
    match values.len() {
        0 => Value::NIL,
        1 => Payload::new_value(cx, values.pop().unwrap_or_default()),
        _ => {
            let list = Table::new(cx);
            crate::ops::index::append(
                &list,
                1,
                values.into_iter().map(|value| Payload::new_value(cx, value)),
            );
            list
        }
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
    Ok(from.map_or_else(|| s!(""), |pid| cx.process().pid_value_of(pid)))
}

fn payload(cx: Cx, args: &[Value]) -> LuaResult {
    message(cx, args, "payload").map(|message| message.payload(cx))
}

impl UserData for Message {
    fn methods(&self) -> &'static Module {
        &MESSAGE
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some([b"process.Message{topic=", self.topic.bytes(), b"}"].concat())
    }

    fn clear(&self) {
        drop(self.payload.replace(Content::Wrapped(Value::NIL)));
    }
}
