//! Messages as Lua sees them.

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::heap::Tally;
use crate::held::Place;
use crate::module::Module;
use crate::process::mail::Item;
use crate::process::payload::{self, PAYLOAD_METHODS, Payload};
use crate::process::pid::Pid;
use crate::process::topic::Topic;
use crate::s;
use crate::sched::slot::Memory;
use crate::stdlib::args;
use crate::table::Table;
use crate::transfer::Payloads;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// A received message: topic, sender, payload.
pub struct Message {
    topic: Topic,
    from: Option<Pid>,
    content: Place<Content>,
}

/// What a message carries.
enum Content {
    /// The values as they came. A single one's payload object is the other face of the message.
    Raw(Payloads),
    /// The list of payload objects that `payload()` has made of several.
    List(Value),
}

impl Default for Content {
    fn default() -> Content {
        Content::Raw(Payloads::None)
    }
}

impl Message {
    pub fn new_value(cx: Cx, item: Item) -> Value {
        let content = Place::new(Content::Raw(item.payloads));
        UserDataBox::new(cx, Message { topic: item.topic, from: item.from, content })
    }

    /// A message that has been read, in the memory of its letter.
    #[inline(always)]
    pub fn in_memory(cx: Cx, topic: Topic, from: Option<Pid>, payloads: Payloads, memory: Memory) -> Value {
        if from.is_some() {
            cx.process().note_read();
        }
        let content = Place::new(Content::Raw(payloads));
        UserDataBox::in_memory(cx, memory, Message { topic, from, content })
    }

    /// Works on what it carries.
    #[inline]
    fn with<R>(&self, work: impl FnOnce(&mut Content) -> R) -> R {
        // SAFETY: what this file hands in clones and moves values, which runs no other code.
        unsafe { self.content.with(work) }
    }

    /// The value of its only payload.
    #[inline]
    pub fn value(&self) -> Value {
        self.with(|content| match content {
            Content::Raw(Payloads::One(value)) => value.clone(),
            Content::Raw(_) | Content::List(_) => Value::NIL,
        })
    }

    /// The payload object of `own`, which is this message, or a list of them, made when first asked
    /// for; nil without payloads.
    #[inline(always)]
    fn payload(&self, cx: Cx, own: &Value) -> Value {
        let is_single = self.with(|content| matches!(content, Content::Raw(Payloads::One(_))));
        if is_single { own.as_facet() } else { self.other_payload(cx) }
    }

    /// As [`Message::payload`], of what has not exactly one.
    #[inline(never)]
    fn other_payload(&self, cx: Cx) -> Value {
        let known = self.with(|content| match content {
            Content::Raw(Payloads::Many(_)) => None,
            Content::Raw(_) => Some(Value::NIL),
            Content::List(list) => Some(list.clone()),
        });
        known.unwrap_or_else(|| {
            let list = Table::new(cx);
            if let Content::Raw(Payloads::Many(values)) = self.content.replace(Content::List(list.clone())) {
                let payloads = values.into_iter().map(|value| Payload::new_value(cx, value));
                crate::ops::index::append(&list, 1, payloads);
            }
            list
        })
    }
}

crate::library! {
    static MESSAGE = "process.Message" {
        "topic" => getter topic,
        "from" => getter from,
        "payload" => getter payload,
    }
}

#[inline(always)]
fn message<'a>(cx: Cx, receiver: Option<&'a Value>, function: &'static str) -> LuaResult<&'a Message> {
    receiver.and_then(Value::downcast).ok_or_else(|| no_message(cx, receiver, function))
}

#[cold]
fn no_message(cx: Cx, receiver: Option<&Value>, function: &'static str) -> Thrown {
    args::wrong(cx, receiver.map(std::slice::from_ref).unwrap_or_default(), 1, function, "message")
}

fn topic(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    message(cx, receiver, "topic").map(|message| message.topic.to_value())
}

fn from(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    let from = message(cx, receiver, "from")?.from;
    Ok(from.map_or_else(|| s!(""), |pid| cx.process().pid_value_of(&pid)))
}

fn payload(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    let message = message(cx, receiver, "payload")?;
    Ok(receiver.map(|own| message.payload(cx, own)).unwrap_or_default())
}

impl Methods for Message {
    const METHODS: &'static Module = &MESSAGE;
    const FACET_METHODS: &'static Module = &PAYLOAD_METHODS;
}

impl UserData for Message {
    fn facet_text(&self) -> Option<Vec<u8>> {
        Some(payload::text(&self.value()))
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some([b"process.Message{topic=", self.topic.bytes(), b"}"].concat())
    }

    fn clear(&self) {
        self.content.clear();
    }

    fn weigh(&self, tally: &mut Tally) {
        self.with(|content| match content {
            Content::Raw(payloads) => tally.values(payloads.as_slice()),
            Content::List(_) => {}
        });
    }
}
