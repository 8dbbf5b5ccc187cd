//! The delivery of messages: from the queue of a process to the channels that subscribed.
//!
//! A message goes to the channel of its topic, else (unless the topic starts with `@`) to the inbox,
//! else it waits. A channel takes it if a receiver waits or its buffer has room; one that cannot be
//! delivered stays in place and holds up nobody.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::channel::Core;
use crate::cx::Cx;
use crate::process::message::Message;
use crate::process::signal::Sender;
use crate::table::Table;
use crate::value::Value;

pub const INBOX: &str = "@pid/inbox";
pub const EVENTS: &str = "@pid/events";

/// One message or event.
pub struct Item {
    pub topic: Box<str>,
    pub from: Sender,
    pub payloads: Vec<Value>,
}

struct Subscription {
    topic: Box<str>,
    channel: Value,
    core: Rc<Core>,
    /// Deliver message objects rather than bare values.
    as_message: bool,
}

/// The queue and the subscriptions of one process.
#[derive(Default)]
pub struct Mail {
    queue: RefCell<VecDeque<Item>>,
    subscriptions: RefCell<Vec<Subscription>>,
}

impl Mail {
    pub fn post(&self, item: Item) {
        self.queue.borrow_mut().push_back(item);
    }

    /// The channel of `topic`, made with `capacity` on first use.
    pub fn subscribe(&self, cx: Cx, topic: &str, capacity: usize, as_message: bool) -> Value {
        let mut subscriptions = self.subscriptions.borrow_mut();
        if let Some(known) = subscriptions.iter_mut().find(|known| *known.topic == *topic) {
            known.as_message |= as_message;
            return known.channel.clone();
        }
        let (channel, core) = Core::new_value(cx, capacity);
        core.is_mailbox.set(true);
        subscriptions.push(Subscription { topic: topic.into(), channel: channel.clone(), core, as_message });
        channel
    }

    /// Ends the subscription of `channel` and closes it. False if it is none.
    pub fn unsubscribe(&self, cx: Cx, channel: &Value) -> bool {
        let mut subscriptions = self.subscriptions.borrow_mut();
        let Some(at) = subscriptions.iter().position(|known| known.channel.is_identical(channel)) else {
            return false;
        };
        let ended = subscriptions.remove(at);
        drop(subscriptions);
        for task in ended.core.close() {
            cx.process().tasks.wake(task);
        }
        true
    }

    /// Delivers what can be delivered, oldest first.
    pub fn deliver(&self, cx: Cx) {
        if self.queue.borrow().is_empty() {
            return;
        }
        let mut kept = VecDeque::new();
        let items = self.queue.take();
        for item in items {
            let target = self.target(&item.topic).filter(|(core, _)| core.accepts());
            match target {
                Some((core, as_message)) => {
                    let value = into_value(cx, item, as_message);
                    if let Some(task) = core.deliver(value) {
                        cx.process().tasks.wake(task);
                    }
                }
                None => kept.push_back(item),
            }
        }
        let newer = self.queue.replace(kept);
        self.queue.borrow_mut().extend(newer);
    }

    /// The next queued item for a channel that subscribed: what a receive that finds the channel
    /// empty may take directly.
    pub fn pull(&self, cx: Cx, core: &Rc<Core>) -> Option<Value> {
        let at =
            self.queue.borrow().iter().position(|item| {
                self.target(&item.topic).is_some_and(|(target, _)| Rc::ptr_eq(&target, core))
            })?;
        let item = self.queue.borrow_mut().remove(at)?;
        let (_, as_message) = self.target(&item.topic)?;
        Some(into_value(cx, item, as_message))
    }

    fn target(&self, topic: &str) -> Option<(Rc<Core>, bool)> {
        let subscriptions = self.subscriptions.borrow();
        let find = |topic: &str| subscriptions.iter().find(|known| *known.topic == *topic);
        let found = find(topic).or_else(|| if topic.starts_with('@') { None } else { find(INBOX) })?;
        Some((found.core.clone(), found.as_message))
    }

    pub fn clear(&self) {
        drop(self.queue.take());
        drop(self.subscriptions.take());
    }
}

fn into_value(cx: Cx, item: Item, as_message: bool) -> Value {
    if as_message {
        return Message::new_value(cx, item);
    }
    let mut payloads = item.payloads;
    match payloads.len() {
        0 => Value::NIL,
        1 => payloads.pop().unwrap_or_default(),
        _ => {
            let list = Table::new(cx);
            crate::ops::index::append(&list, 1, payloads);
            list
        }
    }
}

/// An event table `{kind=, from=, at=, ...}` for the events channel.
pub fn event(cx: Cx, kind: &str, from: &Sender, fields: Vec<(&str, Value)>) -> Item {
    let value = Table::new(cx);
    if let Some(table) = value.as_table() {
        table.set_text("kind", kind.into());
        table.set_text("from", super::state::pid_value(from));
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        table.set_text("at", Value::int(i64::try_from(now.as_secs()).unwrap_or(i64::MAX)));
        for (name, field) in fields {
            table.set_text(name, field);
        }
    }
    Item { topic: EVENTS.into(), from: from.clone(), payloads: vec![value] }
}
