//! Channels between the coroutines of one process: buffered or not, closable, selectable.
//!
//! The channel of a subscription is fed by the mail: messages that it cannot hand over wait in its
//! backlog, beyond the buffer, and a receive that finds the buffer empty takes from there.

mod content;
pub mod library;
pub mod select;

use std::cell::Cell;

pub(crate) use content::Packed;
use content::{Content, Receiver, Sending, Single};

use crate::cx::Cx;
use crate::heap::Tally;
use crate::held::Place;
use crate::process::item::Item;
use crate::process::task::{TaskId, Ticket, Wake};
use crate::userdata::UserDataBox;
use crate::value::Value;

/// Which case of a receive was completed, and whether by a value or (not ok) by the close. One word: halves
/// that are stored one by one and loaded together hold the processor up.
#[derive(Clone, Copy)]
pub struct Completed(u64);

impl Completed {
    #[inline(always)]
    pub fn new(case: u32, ok: bool) -> Completed {
        Completed(u64::from(case) << 1 | u64::from(ok))
    }

    #[inline(always)]
    pub fn ok(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline(always)]
    pub fn case(self) -> u32 {
        u32::try_from(self.0 >> 1).unwrap_or(0)
    }
}

/// What completes a blocked channel operation.
pub enum Event {
    /// A value arrived.
    Received { completed: Completed, value: Value },
    /// The value was taken.
    Sent { case: u32 },
    /// The channel closed under a sender.
    Closed,
}

/// A channel.
pub struct Channel {
    cx: Cx,
    content: Place<Content>,
    /// How many values it buffers, below the flags.
    traits: Cell<u32>,
    /// The number of the timer that feeds it; 0 if none does.
    pub timer: Cell<u32>,
}

/// The flag of a closed channel.
const CLOSED: u32 = 1 << 31;
/// The flag of one that hands out what comes by mail as message objects.
const AS_MESSAGE: u32 = 1 << 30;
/// More than a billion values fit no memory.
pub const MAX_CAPACITY: u32 = AS_MESSAGE - 1;

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

impl Channel {
    /// A fresh channel.
    #[expect(clippy::new_ret_no_self, reason = "a channel lives behind a counted reference")]
    pub fn new(cx: Cx, capacity: u32) -> Value {
        UserDataBox::new_with(cx, || {
            let traits = Cell::new(capacity.min(MAX_CAPACITY));
            Channel { cx, content: Place::default(), traits, timer: Cell::new(0) }
        })
    }

    #[inline]
    fn has(&self, flag: u32) -> bool {
        self.traits.get() & flag != 0
    }

    #[inline(always)]
    pub fn is_closed(&self) -> bool {
        self.has(CLOSED)
    }

    /// From now on what comes by mail is handed out as message objects.
    pub fn give_messages(&self) {
        self.traits.set(self.traits.get() | AS_MESSAGE);
    }

    /// A message as this channel hands it out.
    #[inline(always)]
    fn handed_out(&self, item: Item) -> Value {
        item.into_value(self.cx, self.has(AS_MESSAGE))
    }

    /// Works on what it holds; nothing inside `work` comes back to it.
    #[inline(always)]
    fn with<R>(&self, work: impl FnOnce(&mut Content) -> R) -> R {
        // SAFETY: what this file hands in looks at the content and at tasks, and moves values; the
        // values it may drop are not this channel, which is alive.
        unsafe { self.content.with(work) }
    }

    pub(crate) fn next_receiver(&self) -> Option<Receiver> {
        match self.with(Content::take_single) {
            Single::Receiver(receiver) => {
                self.cx.process().tasks.is_waiting(receiver.ticket).then_some(receiver)
            }
            Single::Nobody => None,
            Single::Crowd => self.waiting_receiver(),
        }
    }

    #[inline(never)]
    fn waiting_receiver(&self) -> Option<Receiver> {
        let tasks = &self.cx.process().tasks;
        self.with(|content| {
            while let Some(receiver) = content.pop_receiver() {
                if tasks.is_waiting(receiver.ticket) {
                    return Some(receiver);
                }
            }
            None
        })
    }

    fn next_sender(&self) -> Option<Sending> {
        let tasks = &self.cx.process().tasks;
        self.with(|content| {
            let crowd = content.crowd()?;
            while let Some(sender) = crowd.senders.pop_front() {
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

    #[inline]
    fn has_room(&self) -> bool {
        let capacity = self.traits.get() & MAX_CAPACITY;
        capacity > 0 && self.with(|content| content.buffered()) < capacity as usize
    }

    /// Hands `value` to a waiting receiver or to the buffer.
    pub fn offer(&self, value: Value) -> Offered {
        if self.is_closed() {
            return Offered::Closed;
        }
        if let Some(receiver) = self.next_receiver() {
            self.hand_to(&receiver, value, true);
            return Offered::Taken(Some(receiver.ticket.task));
        }
        if self.has_room() {
            self.with(|content| content.push_value(value));
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
    #[inline]
    pub fn post(&self, item: Item) {
        if let Some(item) = self.with(|content| content.push_behind(item)) {
            self.post_first(item);
        }
    }

    /// No other message waits.
    #[inline(never)]
    fn post_first(&self, item: Item) {
        // Whoever waits for a value has taken what was in the backlog.
        match self.next_receiver() {
            None => self.keep(item),
            Some(receiver) => {
                let value = self.handed_out(item);
                self.give(&receiver, value);
            }
        }
    }

    /// Whether it is open and hands out message objects.
    #[inline(always)]
    pub(crate) fn gives_messages(&self) -> bool {
        self.traits.get() & (CLOSED | AS_MESSAGE) == AS_MESSAGE
    }

    /// Takes the receiver out, if there is one alone, in a process that the caller has at hand.
    #[inline(always)]
    pub(crate) fn take_single(&self, cx: Cx) -> Option<Packed> {
        let tasks = &cx.process().tasks;
        self.with(
            #[inline(always)]
            |content| content.take_waiting_single(tasks),
        )
    }

    /// Gives a message to the receiver that [`Channel::take_single`] took out.
    #[inline(always)]
    pub(crate) fn hand_over(&self, cx: Cx, receiver: Packed, message: Value) {
        let receiver = receiver.receiver();
        if receiver.ticket.task != 0 {
            return self.give(&receiver, message);
        }
        let completed = Completed::new(receiver.case, true);
        cx.process().tasks.hand_over_to_main(Wake::Channel(Event::Received { completed, value: message }));
    }

    #[inline(never)]
    fn give(&self, receiver: &Receiver, value: Value) {
        let tasks = &self.cx.process().tasks;
        let event = Event::Received { completed: Completed::new(receiver.case, true), value };
        tasks.hand_over(receiver.ticket, Wake::Channel(event));
        tasks.wake(receiver.ticket.task);
    }

    #[inline(never)]
    fn keep(&self, item: Item) {
        if self.has_room() && self.with(|content| content.backlog()) == 0 {
            let value = self.handed_out(item);
            self.with(|content| content.push_value(value));
        } else {
            self.with(|content| content.push_mail(item));
        }
    }

    /// Completes the wait of a receiver.
    #[inline(always)]
    fn hand_to(&self, receiver: &Receiver, value: Value, ok: bool) {
        let event = Event::Received { completed: Completed::new(receiver.case, ok), value };
        self.cx.process().tasks.complete(receiver.ticket, Wake::Channel(event));
    }

    /// How many messages wait beyond the buffer.
    fn backlog(&self) -> usize {
        self.with(|content| content.backlog())
    }

    fn take_mail(&self) -> Option<Value> {
        let item = self.with(Content::pop_mail)?;
        Some(self.handed_out(item))
    }

    /// How many values wait in it.
    pub fn waiting(&self) -> usize {
        self.backlog() + self.with(|content| content.buffered())
    }

    /// Gives back the messages of the backlog that `choose` picks.
    pub fn recall(&self, choose: impl FnMut(&Item) -> bool) -> Vec<Item> {
        self.with(|content| content.take_mail(choose))
    }

    /// Takes the values of its buffer out.
    pub(crate) fn take_buffer(&self) -> Vec<Value> {
        std::iter::from_fn(|| self.with(Content::pop_value)).collect()
    }

    fn weigh_content(&self, tally: &mut Tally) {
        self.with(|content| content.weigh(tally));
    }

    /// Takes a value from the buffer, from the mail or from a blocked sender.
    #[inline(always)]
    pub fn take(&self) -> Received {
        if self.is_idle() { Received::NotReady } else { self.take_waiting() }
    }

    /// Whether who receives has to wait: most do.
    #[inline(always)]
    pub fn is_idle(&self) -> bool {
        let is_empty = self.with(|content| matches!(content, Content::Empty | Content::Receiver(_)));
        is_empty && !self.is_closed()
    }

    /// As [`Channel::take`], of a channel that is not idle: mostly a message waits.
    #[inline]
    pub fn take_waiting(&self) -> Received {
        match self.with(Content::pop_first_mail) {
            Some(item) => Received::Value(self.handed_out(item), None),
            None => self.take_in_turn(),
        }
    }

    #[inline(never)]
    fn take_in_turn(&self) -> Received {
        if let Some(value) = self.with(Content::pop_value) {
            // What waits moves into the room that was made.
            let mut woken = None;
            let next = self.take_mail().or_else(|| {
                let (value, task) = self.settle_sender(self.next_sender()?);
                woken = Some(task);
                Some(value)
            });
            if let Some(next) = next {
                self.with(|content| content.push_value(next));
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
        if self.is_closed() { Received::Closed } else { Received::NotReady }
    }

    #[inline(always)]
    pub fn wait_to_receive(&self, ticket: Ticket, case: u32) {
        self.with(|content| content.push_receiver(Receiver { ticket, case }));
    }

    pub fn wait_to_send(&self, ticket: Ticket, case: u32, value: Value) {
        let sending = Sending { ticket, case, value };
        self.with(|content| content.with_crowd(|crowd| crowd.senders.push_back(sending)));
    }

    /// Forgets a select that another case completed.
    #[inline(always)]
    pub fn withdraw(&self, ticket: Ticket) {
        let tasks = &self.cx.process().tasks;
        self.with(|content| content.withdraw(ticket, tasks));
    }

    /// Closes; the tasks to wake, senders first.
    pub fn close(&self) -> Vec<TaskId> {
        let mut woken = Vec::new();
        if self.is_closed() {
            return woken;
        }
        self.traits.set(self.traits.get() | CLOSED);
        if self.with(|content| matches!(content, Content::Empty)) {
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_channel_has_the_size_the_design_aims_at() {
        assert_eq!(size_of::<super::Channel>(), 32);
    }
}
