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
    crowd: Cell<Option<Box<Crowd>>>,
}

/// Who waits for a receiver; most channels never have any.
#[derive(Default)]
struct Crowd {
    senders: VecDeque<Sending>,
    /// Messages.
    backlog: VecDeque<Item>,
}

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
                crowd: Cell::default(),
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
        self.if_crowd(|crowd| {
            while let Some(sender) = crowd.senders.pop_front() {
                if tasks.is_waiting(sender.ticket) {
                    return Some(sender);
                }
            }
            None
        })
    }

    /// Works on the crowd, if there is one.
    #[inline]
    fn if_crowd<R: Default>(&self, work: impl FnOnce(&mut Crowd) -> R) -> R {
        match self.crowd.take() {
            None => R::default(),
            Some(mut crowd) => {
                let result = work(&mut crowd);
                self.crowd.set(Some(crowd));
                result
            }
        }
    }

    /// Works on the crowd, made when first needed.
    fn with_crowd(&self, work: impl FnOnce(&mut Crowd)) {
        with(&self.crowd, |crowd| work(crowd.get_or_insert_default()));
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
            self.hand_to(&receiver, value, true);
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
        // Whoever waits for a value has taken what was in the backlog.
        if let Some(receiver) = self.next_receiver() {
            let value = item.into_value(self.cx, self.as_message.get());
            self.hand_to(&receiver, value, true);
            self.cx.process().tasks.wake(receiver.ticket.task);
        } else if self.has_room() && !self.if_crowd(|crowd| !crowd.backlog.is_empty()) {
            let value = item.into_value(self.cx, self.as_message.get());
            with(&self.buffer, |buffer| buffer.push_back(value));
        } else {
            self.with_crowd(|crowd| crowd.backlog.push_back(item));
        }
    }

    /// Completes the wait of a receiver.
    #[inline]
    fn hand_to(&self, receiver: &Receiver, value: Value, ok: bool) {
        let event = Event::Received { case: receiver.case, value, ok };
        self.cx.process().tasks.complete(receiver.ticket, Wake::Channel(event));
    }

    fn take_mail(&self) -> Option<Value> {
        let mut crowd = self.crowd.take()?;
        let item = crowd.backlog.pop_front();
        // Gone with the last one: an idle process keeps little.
        if !(crowd.backlog.is_empty() && crowd.senders.is_empty()) {
            self.crowd.set(Some(crowd));
        }
        Some(item?.into_value(self.cx, self.as_message.get()))
    }

    /// How many values wait in it.
    pub fn waiting(&self) -> usize {
        let backlog = self.if_crowd(|crowd| crowd.backlog.len());
        backlog + with(&self.buffer, |buffer| buffer.len())
    }

    /// Gives back the messages of the backlog that `choose` picks.
    pub fn recall(&self, mut choose: impl FnMut(&Item) -> bool) -> Vec<Item> {
        self.if_crowd(|crowd| {
            let items = std::mem::take(&mut crowd.backlog);
            let (chosen, kept): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| choose(item));
            crowd.backlog = kept.into();
            chosen
        })
    }

    /// Takes a value from the buffer, from the mail or from a blocked sender.
    #[inline]
    pub fn take(&self) -> Received {
        if with(&self.buffer, |buffer| buffer.is_empty()) && !with(&self.crowd, |crowd| crowd.is_some()) {
            return if self.closed.get() { Received::Closed } else { Received::NotReady };
        }
        self.take_waiting()
    }

    fn take_waiting(&self) -> Received {
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
        self.with_crowd(|crowd| crowd.senders.push_back(Sending { ticket, case, value }));
    }

    /// Forgets a select that another case completed.
    pub fn withdraw(&self, ticket: Ticket) {
        with(&self.receivers, |receivers| receivers.retain(|receiver| receiver.ticket != ticket));
        self.if_crowd(|crowd| crowd.senders.retain(|sender| sender.ticket != ticket));
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
            self.hand_to(&receiver, Value::NIL, false);
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
