//! What waits to be received, in the backlog of a channel or unclaimed.

use crate::cx::Cx;
use crate::process::mail::EVENTS;
use crate::process::message::Message;
use crate::process::pid::Pid;
use crate::process::topic::Topic;
use crate::table::Table;
use crate::transfer::{Graph, Payloads};
use crate::value::Value;

/// What waits to be received.
pub enum Item {
    /// A message, as the object that a receiver gets or that its values are taken out of.
    Message(Value),
    /// An event, as it is received. Among others of its channel, which come in order.
    Event(Value),
}

impl Item {
    /// A message; without a sender the host made it.
    pub fn new(cx: Cx, topic: Topic, from: Option<Pid>, payloads: Payloads) -> Item {
        Item::Message(Message::new_value(cx, topic, from, payloads))
    }

    /// What a channel has handed out, but nobody received.
    pub(super) fn again(cx: Cx, topic: &Topic, value: Value) -> Item {
        if let Some(message) = value.downcast::<Message>() {
            if message.sender().is_some() {
                cx.process().note_unread();
            }
            return Item::Message(value);
        }
        Item::new(cx, topic.clone(), None, Payloads::One(value))
    }

    fn message(&self) -> Option<&Message> {
        match self {
            Item::Message(message) => message.downcast(),
            Item::Event(_) => None,
        }
    }

    pub fn topic(&self) -> &Topic {
        self.message().map_or(&EVENTS, Message::topic)
    }

    /// Its place among the messages that arrived.
    pub(super) fn order(&self) -> u64 {
        self.message().map_or(0, Message::order)
    }

    pub(super) fn set_order(&self, order: u64) {
        if let Some(message) = self.message() {
            message.set_order(order);
        }
    }

    /// The same for another process, with copies of its values.
    pub(crate) fn copy_for(&self, cx: Cx) -> Item {
        let copy = |values: &[Value]| Graph::copy(values).into_values(cx);
        match self {
            Item::Event(event) => Item::Event(copy(std::slice::from_ref(event)).first()),
            Item::Message(_) => {
                let from = self.message().and_then(Message::sender);
                let payloads = self.message().map(|message| message.with_payloads(copy));
                Item::new(cx, self.topic().clone(), from, payloads.unwrap_or_default())
            }
        }
    }

    /// What a receiver gets: a message object, or the bare value (several: a list of them).
    #[inline(always)]
    pub fn into_value(self, cx: Cx, as_message: bool) -> Value {
        let message = match self {
            Item::Message(message) => message,
            Item::Event(event) if as_message => {
                return Message::new_value(cx, EVENTS.clone(), None, Payloads::One(event));
            }
            Item::Event(event) => return event,
        };
        let Some(content) = message.downcast::<Message>() else { return Value::NIL };
        if content.sender().is_some() {
            cx.process().note_read();
        }
        if as_message {
            return message;
        }
        match content.take_payloads() {
            Payloads::None => Value::NIL,
            Payloads::One(value) => value,
            Payloads::Many(values) => {
                let list = Table::new(cx);
                crate::ops::index::append(&list, 1, values);
                list
            }
        }
    }
}
