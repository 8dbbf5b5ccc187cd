//! Channels between the coroutines of one process: buffered or not, closable, selectable.
//!
//! The channel of a subscription is fed by the mail: messages that it cannot hand over wait in its
//! backlog, beyond the buffer, and a receive that finds the buffer empty takes from there.

mod fifo;
pub mod library;
pub mod select;

use std::cell::Cell;
use std::collections::VecDeque;

pub use fifo::Fifo;

use crate::cx::Cx;
use crate::process::mail::Item;
use crate::process::task::{TaskId, Ticket, Wake};
use crate::userdata::UserDataBox;
use crate::value::Value;

/// What completes a blocked channel operation.
pub enum Event {
    /// A value arrived for case `case`; `ok` is false when it is the close.
    Received { case: u32, value: Value, ok: bool },
    /// The value was taken.
    Sent { case: u32 },
    /// The channel closed under a sender.
    Closed,
}

/// A task that waits for a value, as one case of its operation.
struct Receiver {
    ticket: Ticket,
    case: u32,
}

/// A task that waits to be rid of a value.
struct Sending {
    ticket: Ticket,
    case: u32,
    value: Value,
}

/// A channel.
pub struct Channel {
    cx: Cx,
    capacity: u32,
    closed: Cell<bool>,
    /// What comes by mail is handed out as message objects.
    pub as_message: Cell<bool>,
    /// The number of the timer that feeds it; 0 if none does.
    pub timer: Cell<u32>,
    buffer: Cell<Fifo<Value>>,
    receivers: Cell<Fifo<Receiver>>,
    senders: Cell<Fifo<Sending>>,
    backlog: Cell<Option<Box<Backlog>>>,
}

/// Messages that wait for a receiver; behind a box, because most channels never have any.
#[derive(Default)]
struct Backlog(VecDeque<Item>);

/// What trying to receive gave.
pub enum Received {
    /// A value, and the sender that must be woken.
    Value(Value, Option<TaskId>),
    Closed,
    NotReady,
}

/// What trying to send gave.
pub enum Offered {
    /// Taken; the receiver that must be woken.
    Taken(Option<TaskId>),
    Closed,
    NotReady,
}

/// Works on what a cell holds; nothing inside `work` comes back to the cell.
fn with<T: Default, R>(cell: &Cell<T>, work: impl FnOnce(&mut T) -> R) -> R {
    let mut held = cell.take();
    let result = work(&mut held);
    cell.set(held);
    result
}

impl Channel {
    /// A fresh channel.
    #[expect(clippy::new_ret_no_self, reason = "a channel lives behind a counted reference")]
    pub fn new(cx: Cx, capacity: u32) -> Value {
        UserDataBox::new(
            cx,
            Channel {
                cx,
                capacity,
                closed: Cell::new(false),
                as_message: Cell::new(false),
                timer: Cell::new(0),
                buffer: Cell::default(),
                receivers: Cell::default(),
                senders: Cell::default(),
                backlog: Cell::default(),
            },
        )
    }

    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn next_receiver(&self) -> Option<Receiver> {
        let tasks = &self.cx.process().tasks;
        with(&self.receivers, |receivers| {
            while let Some(receiver) = receivers.pop_front() {
                if tasks.is_waiting(receiver.ticket) {
                    return Some(receiver);
                }
            }
            None
        })
    }

    fn next_sender(&self) -> Option<Sending> {
        let tasks = &self.cx.process().tasks;
        with(&self.senders, |senders| {
            while let Some(sender) = senders.pop_front() {
                if tasks.is_waiting(sender.ticket) {
                    return Some(sender);
                }
            }
            None
        })
    }

    /// The value of a sender that is taken now, and its task.
    fn settle_sender(&self, sender: Sending) -> (Value, TaskId) {
        let sent = Wake::Channel(Event::Sent { case: sender.case });
        self.cx.process().tasks.complete(sender.ticket, sent);
        (sender.value, sender.ticket.task)
    }

    fn has_room(&self) -> bool {
        with(&self.buffer, |buffer| buffer.len() < self.capacity as usize)
    }

    /// Hands `value` to a waiting receiver or to the buffer.
    pub fn offer(&self, value: Value) -> Offered {
        if self.closed.get() {
            return Offered::Closed;
        }
        if let Some(receiver) = self.next_receiver() {
            let event = Event::Received { case: receiver.case, value, ok: true };
            self.cx.process().tasks.complete(receiver.ticket, Wake::Channel(event));
            return Offered::Taken(Some(receiver.ticket.task));
        }
        if self.has_room() {
            with(&self.buffer, |buffer| buffer.push_back(value));
            return Offered::Taken(None);
        }
        Offered::NotReady
    }

    /// Delivers a value from outside of the tasks; it is dropped if there is no room.
    pub fn deliver(&self, value: Value) {
        if let Offered::Taken(Some(task)) = self.offer(value) {
            self.cx.process().tasks.wake(task);
        }
    }

    /// Takes a message for this channel: to a receiver, to the buffer, else to the backlog.
    pub fn post(&self, item: Item) {
        let has_backlog = with(&self.backlog, |backlog| backlog.is_some());
        if !has_backlog && (self.has_room() || self.has_receiver()) {
            self.deliver(item.into_value(self.cx, self.as_message.get()));
        } else {
            with(&self.backlog, |backlog| backlog.get_or_insert_default().0.push_back(item));
        }
    }

    fn has_receiver(&self) -> bool {
        let tasks = &self.cx.process().tasks;
        with(&self.receivers, |receivers| {
            receivers.retain(|receiver| tasks.is_waiting(receiver.ticket));
            !receivers.is_empty()
        })
    }

    fn take_mail(&self) -> Option<Value> {
        let item = with(&self.backlog, |backlog| {
            let items = &mut backlog.as_mut()?.0;
            let item = items.pop_front();
            if items.is_empty() {
                *backlog = None;
            }
            item
        })?;
        Some(item.into_value(self.cx, self.as_message.get()))
    }

    /// How many values wait in it.
    pub fn waiting(&self) -> usize {
        let backlog = with(&self.backlog, |backlog| backlog.as_ref().map_or(0, |items| items.0.len()));
        backlog + with(&self.buffer, |buffer| buffer.len())
    }

    /// Gives back the messages of the backlog that `choose` picks.
    pub fn recall(&self, mut choose: impl FnMut(&Item) -> bool) -> Vec<Item> {
        with(&self.backlog, |backlog| {
            let items = backlog.take().unwrap_or_default();
            let (chosen, kept): (Vec<Item>, Vec<Item>) = items.0.into_iter().partition(|item| choose(item));
            *backlog = (!kept.is_empty()).then(|| Box::new(Backlog(kept.into())));
            chosen
        })
    }

    /// Takes a value from the buffer, from the mail or from a blocked sender.
    pub fn take(&self) -> Received {
        if let Some(value) = with(&self.buffer, Fifo::pop_front) {
            // What waits moves into the room that was made.
            let mut woken = None;
            let next = self.take_mail().or_else(|| {
                let (value, task) = self.settle_sender(self.next_sender()?);
                woken = Some(task);
                Some(value)
            });
            if let Some(next) = next {
                with(&self.buffer, |buffer| buffer.push_back(next));
            }
            return Received::Value(value, woken);
        }
        if let Some(value) = self.take_mail() {
            return Received::Value(value, None);
        }
        if let Some(sender) = self.next_sender() {
            let (value, task) = self.settle_sender(sender);
            return Received::Value(value, Some(task));
        }
        if self.closed.get() { Received::Closed } else { Received::NotReady }
    }

    pub fn wait_to_receive(&self, ticket: Ticket, case: u32) {
        with(&self.receivers, |receivers| receivers.push_back(Receiver { ticket, case }));
    }

    pub fn wait_to_send(&self, ticket: Ticket, case: u32, value: Value) {
        with(&self.senders, |senders| senders.push_back(Sending { ticket, case, value }));
    }

    /// Forgets a select that another case completed.
    pub fn withdraw(&self, ticket: Ticket) {
        with(&self.receivers, |receivers| receivers.retain(|receiver| receiver.ticket != ticket));
        with(&self.senders, |senders| senders.retain(|sender| sender.ticket != ticket));
    }

    /// Closes; the tasks to wake, senders first.
    pub fn close(&self) -> Vec<TaskId> {
        let mut woken = Vec::new();
        if self.closed.replace(true) {
            return woken;
        }
        let tasks = &self.cx.process().tasks;
        while let Some(sender) = self.next_sender() {
            tasks.complete(sender.ticket, Wake::Channel(Event::Closed));
            woken.push(sender.ticket.task);
        }
        while let Some(receiver) = self.next_receiver() {
            let event = Event::Received { case: receiver.case, value: Value::NIL, ok: false };
            tasks.complete(receiver.ticket, Wake::Channel(event));
            woken.push(receiver.ticket.task);
        }
        woken
    }

    /// Closes from outside of the tasks.
    pub fn shut(&self) {
        for task in self.close() {
            self.cx.process().tasks.wake(task);
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if self.timer.get() != 0 {
            self.cx.process().timers.stop(self.cx, self);
        }
    }
}
