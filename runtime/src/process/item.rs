//! What waits to be received, in the backlog of a channel or unclaimed.

use crate::cx::Cx;
use crate::process::mail::EVENTS;
use crate::process::message::Message;
use crate::process::pid::Pid;
use crate::process::topic::Topic;
use crate::table::Table;
use crate::transfer::{Graph, Payloads};
use crate::value::Value;

/// What waits to be received: a message, as the object that a receiver gets or that its values are taken out of,
/// or an event, which is the table that is received. Events are among others of their channel, which come in order.
pub struct Item(Value);

impl Item {
    /// A message; without a sender the host made it.
    pub fn new(cx: Cx, topic: Topic, from: Option<Pid>, payloads: Payloads) -> Item {
        Item(Message::new_value(cx, topic, from, payloads))
    }

    /// A message object, or the table of an event.
    #[inline(always)]
    pub fn of(object: Value) -> Item {
        Item(object)
    }

    /// What a channel has handed out, but nobody received.
    pub(super) fn again(cx: Cx, topic: &Topic, value: Value) -> Item {
        if let Some(message) = value.downcast::<Message>() {
            if message.sender().is_some() {
                cx.process().note_unread();
            }
            return Item(value);
        }
        Item::new(cx, topic.clone(), None, Payloads::One(value))
    }

    #[inline(always)]
    fn message(&self) -> Option<&Message> {
        self.0.downcast()
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
        let Some(message) = self.message() else {
            return Item(copy(std::slice::from_ref(&self.0)).first());
        };
        let payloads = message.with_payloads(copy);
        Item::new(cx, message.topic().clone(), message.sender(), payloads)
    }

    /// What a receiver gets: a message object, or the bare value (several: a list of them).
    #[inline(always)]
    pub fn into_value(self, cx: Cx, as_message: bool) -> Value {
        let Some(content) = self.message() else {
            return if as_message {
                Message::new_value(cx, EVENTS.clone(), None, Payloads::One(self.0))
            } else {
                self.0
            };
        };
        if content.sender().is_some() {
            cx.process().note_read();
        }
        if as_message {
            return self.0;
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
