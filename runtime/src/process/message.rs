//! Messages as Lua sees them.

use std::alloc::Layout;
use std::cell::Cell;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::heap::Tally;
use crate::held::Place;
use crate::module::Module;
use crate::process::payload::{self, PAYLOAD_METHODS, Payload};
use crate::process::pid::Pid;
use crate::process::topic::Topic;
use crate::s;
use crate::sched::mailbox::Envelope;
use crate::sched::slot::{Letter, Memory};
use crate::stdlib::args;
use crate::table::{Key, Quick, Table};
use crate::transfer::Payloads;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// A message: topic, sender, payload.
pub struct Message {
    topic: Topic,
    /// `None`: the host made it.
    from: Option<Pid>,
    /// Its place in the order of arrival, for as long as it waits; [`LISTED`] when `payload()` has made a list.
    order: Cell<u64>,
    /// The values as they came, of which a single one's payload object is the other face of the message; or the
    /// list of the payload objects of several.
    payloads: Place<Payloads>,
}

/// Instead of an order.
const LISTED: u64 = u64::MAX;

impl Message {
    pub fn new_value(cx: Cx, topic: Topic, from: Option<Pid>, payloads: Payloads) -> Value {
        UserDataBox::new(cx, Message::new(topic, from, payloads))
    }

    /// A message in the memory of its letter.
    #[inline(always)]
    pub fn in_memory(cx: Cx, topic: Topic, from: Option<Pid>, payloads: Payloads, memory: Memory) -> Value {
        UserDataBox::in_memory(cx, memory, Message::new(topic, from, payloads))
    }

    #[inline(always)]
    fn new(topic: Topic, from: Option<Pid>, payloads: Payloads) -> Message {
        Message { topic, from, order: Cell::new(0), payloads: Place::new(payloads) }
    }

    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    pub(crate) fn sender(&self) -> Option<Pid> {
        self.from
    }

    pub(crate) fn order(&self) -> u64 {
        self.order.get()
    }

    pub(crate) fn set_order(&self, order: u64) {
        self.order.set(order);
    }

    /// Works on what it carries.
    #[inline]
    fn with<R>(&self, work: impl FnOnce(&mut Payloads) -> R) -> R {
        // SAFETY: what this file hands in clones and moves values, which runs no other code.
        unsafe { self.payloads.with(work) }
    }

    /// Looks at the values of a message that nobody has received.
    pub(crate) fn with_payloads<R>(&self, look: impl FnOnce(&[Value]) -> R) -> R {
        let payloads = self.take_payloads();
        let result = look(payloads.as_slice());
        self.payloads.replace(payloads);
        result
    }

    /// The values of a message that nobody has received.
    pub(crate) fn take_payloads(&self) -> Payloads {
        self.payloads.replace(Payloads::None)
    }

    #[inline]
    fn is_listed(&self) -> bool {
        self.order.get() == LISTED
    }

    /// The value of its only payload.
    #[inline]
    pub fn value(&self) -> Value {
        self.with(|payloads| match payloads {
            Payloads::One(value) if !self.is_listed() => value.clone(),
            _ => Value::NIL,
        })
    }

    /// The payload object of `own`, which is this message, or a list of them, made when first asked
    /// for; nil without payloads.
    #[inline(always)]
    fn payload(&self, cx: Cx, own: &Value) -> Value {
        if self.is_single() { own.as_facet() } else { self.other_payload(cx) }
    }

    /// Whether it has exactly one payload.
    #[inline(always)]
    fn is_single(&self) -> bool {
        self.with(|payloads| matches!(payloads, Payloads::One(_))) && !self.is_listed()
    }

    /// As [`Message::payload`], of what has not exactly one.
    #[inline(never)]
    fn other_payload(&self, cx: Cx) -> Value {
        let known = self.with(|payloads| match payloads {
            Payloads::None => Some(Value::NIL),
            Payloads::One(list) => Some(list.clone()),
            Payloads::Many(_) => None,
        });
        known.unwrap_or_else(|| {
            let list = Table::new(cx);
            self.order.set(LISTED);
            if let Payloads::Many(values) = self.payloads.replace(Payloads::One(list.clone())) {
                let payloads = values.into_iter().map(|value| Payload::new_value(cx, value));
                crate::ops::index::append(&list, 1, payloads);
            }
            list
        })
    }
}

/// `message:payload()` and `payload:data()` of what is used up: how most messages are read. The object shows its
/// other face, then gives its value away. Gives back what is something else.
#[inline(always)]
pub(crate) fn read_of_own(cx: Cx, receiver: Value, name: &Key) -> Result<Value, Value> {
    // In a script the methods may have been replaced.
    match name.quick() {
        Quick::Payload if !cx.is_script() && receiver.downcast().is_some_and(Message::is_single) => {
            Ok(receiver.into_facet())
        }
        Quick::Data if !cx.is_script() => {
            let Some(message) = receiver.facet_of::<Message>() else { return Err(receiver) };
            if !receiver.is_unshared() {
                let value = message.value();
                receiver.done();
                return Ok(value);
            }
            let value = message.take_payloads().first();
            UserDataBox::dispose(receiver);
            Ok(value)
        }
        _ => Err(receiver),
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
    const LODGING: Option<Layout> = Some(Layout::new::<Envelope<Letter>>());
}

impl UserData for Message {
    fn facet_text(&self) -> Option<Vec<u8>> {
        Some(payload::text(&self.value()))
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some([b"process.Message{topic=", self.topic.bytes(), b"}"].concat())
    }

    fn clear(&self) {
        self.payloads.clear();
    }

    fn weigh(&self, tally: &mut Tally) {
        self.with(|payloads| tally.values(payloads.as_slice()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    static PAYLOAD: Key = Key::new(b"payload");
    static DATA: Key = Key::new(b"data");

    /// `message:payload():data()`, of which nobody has anything else.
    fn read(cx: Cx, message: Value) -> Result<Value, Value> {
        read_of_own(cx, read_of_own(cx, message, &PAYLOAD)?, &DATA)
    }

    fn message_of(cx: Cx, payloads: Payloads) -> Value {
        Message::new_value(cx, crate::process::mail::INBOX.clone(), None, payloads)
    }

    #[test]
    fn a_message_gives_its_value_away_when_nobody_else_has_it() {
        with_cx(|cx| {
            let list = Table::new(cx);
            let message = message_of(cx, Payloads::One(list.clone()));
            let other = message.clone();
            assert!(read(cx, message).is_ok_and(|data| data.is_identical(&list)));
            assert!(other.downcast::<Message>().unwrap().value().is_identical(&list));
            assert!(read(cx, other).is_ok_and(|data| data.is_identical(&list)));
            assert_eq!(cx.heap().count(), 1);
            // Other numbers of payloads have no other face.
            let two: Payloads = [1, 2].map(Value::int).into_iter().collect();
            for (payloads, is_none) in [(Payloads::None, true), (two, false)] {
                let message = message_of(cx, payloads);
                let object = message.downcast::<Message>().unwrap();
                let (first, second) = (object.payload(cx, &message), object.payload(cx, &message));
                assert!(first.is_identical(&second) && object.value().is_nil());
                assert_eq!(first.is_nil(), is_none);
                assert!(read(cx, message).is_err());
            }
        });
    }
}
