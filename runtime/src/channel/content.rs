//! What a channel holds: values, or those who wait for some. Most channels hold one thing at a time,
//! which then costs no allocation.

use std::collections::VecDeque;

use crate::heap::Tally;
use crate::heap::counted::{LARGE, Share};
use crate::process::item::Item;
use crate::process::task::{Tasks, Ticket};
use crate::value::Value;

/// A task that waits for a value, as one case of its operation.
#[derive(Clone, Copy)]
pub(crate) struct Receiver {
    pub ticket: Ticket,
    pub case: u32,
}

/// A task that waits to be rid of a value.
pub(super) struct Sending {
    pub ticket: Ticket,
    pub case: u32,
    pub value: Value,
}

/// A receiver in one word: its ticket's number, its task and its case, where they are as small as most
/// are.
#[derive(Clone, Copy)]
pub(crate) struct Packed(u64);

/// Bits of a packed receiver's case, and of its task above them.
const CASE_BITS: u32 = 12;
const TASK_BITS: u32 = 20;

impl Packed {
    #[inline]
    fn of(receiver: Receiver) -> Option<Packed> {
        let (task, number) = (receiver.ticket.task, receiver.ticket.number());
        let is_small = receiver.case < 1 << CASE_BITS && task < 1 << TASK_BITS;
        is_small.then(|| Packed(u64::from(number) << 32 | u64::from(task << CASE_BITS | receiver.case)))
    }

    #[inline(always)]
    pub(super) fn receiver(self) -> Receiver {
        #[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
        let low = self.0 as u32;
        let ticket = Ticket::new(low >> CASE_BITS, (self.0 >> 32) as u32);
        Receiver { ticket, case: low & ((1 << CASE_BITS) - 1) }
    }
}

/// Receivers only wait where there is no value.
#[derive(Default)]
pub(super) enum Content {
    #[default]
    Empty,
    Receiver(Packed),
    /// In the buffer.
    Value(Value),
    Crowd(Box<Crowd>),
}

/// Everything a channel may hold.
#[derive(Default)]
pub(super) struct Crowd {
    pub buffer: VecDeque<Value>,
    pub receivers: VecDeque<Receiver>,
    pub senders: VecDeque<Sending>,
    /// Messages that wait beyond the buffer.
    backlog: VecDeque<Item>,
    /// What a large buffer or backlog counts for.
    share: Share,
    /// How many have withdrawn since those were last taken out.
    withdrawn: usize,
}

/// So many who wait are looked through whenever one withdraws.
const FEW: usize = 16;

impl Crowd {
    /// One who waited does so no more. In a large crowd they are taken out together: until then whoever
    /// looks for one who waits passes them over.
    fn withdraw(&mut self, ticket: Ticket, tasks: &Tasks) {
        self.withdrawn += 1;
        let waiting = self.receivers.len() + self.senders.len();
        if waiting <= FEW {
            self.receivers.retain(|receiver| receiver.ticket != ticket);
            self.senders.retain(|sender| sender.ticket != ticket);
        } else if self.withdrawn > waiting / 2 {
            self.receivers.retain(|receiver| tasks.is_waiting(receiver.ticket));
            self.senders.retain(|sender| tasks.is_waiting(sender.ticket));
            self.withdrawn = 0;
        }
    }

    /// Adds a message that waits beyond the buffer.
    #[inline(always)]
    fn keep(&mut self, item: Item) {
        let grows = self.backlog.len() == self.backlog.capacity();
        self.backlog.push_back(item);
        if grows {
            self.count();
        }
    }

    /// One of its lists may have grown.
    #[inline]
    fn count(&mut self) {
        let bytes = self.buffer.capacity() * size_of::<Value>()
            + self.senders.capacity() * size_of::<Sending>()
            + self.backlog.capacity() * size_of::<Item>();
        self.share.set(if bytes < LARGE { 0 } else { bytes });
    }
}

/// Who waits in a channel, where that is plain to see.
pub(super) enum Single {
    Receiver(Receiver),
    Nobody,
    Crowd,
}

impl Content {
    /// Takes the receiver out if it is the only one.
    #[inline(always)]
    pub fn take_single(&mut self) -> Single {
        match self {
            Content::Empty | Content::Value(_) => Single::Nobody,
            Content::Crowd(crowd) if crowd.receivers.is_empty() => Single::Nobody,
            Content::Crowd(_) => Single::Crowd,
            Content::Receiver(packed) => {
                let receiver = packed.receiver();
                // A packed receiver owns nothing, which the compiler does not see behind the tag.
                std::mem::forget(std::mem::replace(self, Content::Empty));
                Single::Receiver(receiver)
            }
        }
    }

    /// As [`Content::take_single`], if that one still waits.
    #[inline(always)]
    pub fn take_waiting_single(&mut self, tasks: &Tasks) -> Option<Packed> {
        let Content::Receiver(packed) = self else { return None };
        let packed = *packed;
        if !tasks.is_waiting(packed.receiver().ticket) {
            return None;
        }
        // As above.
        std::mem::forget(std::mem::replace(self, Content::Empty));
        Some(packed)
    }

    /// Adds what the values in it take.
    pub fn weigh(&self, tally: &mut Tally) {
        match self {
            Content::Empty | Content::Receiver(_) => {}
            Content::Value(value) => tally.value(value),
            Content::Crowd(crowd) => {
                tally.values(&crowd.buffer);
                tally.values(crowd.senders.iter().map(|sender| &sender.value));
            }
        }
    }

    /// How many values are in the buffer.
    pub fn buffered(&self) -> usize {
        match self {
            Content::Empty | Content::Receiver(_) => 0,
            Content::Value(_) => 1,
            Content::Crowd(crowd) => crowd.buffer.len(),
        }
    }

    /// The crowd, if there is one.
    pub fn crowd(&mut self) -> Option<&mut Crowd> {
        match self {
            Content::Crowd(crowd) => Some(crowd),
            _ => None,
        }
    }

    /// Works on the crowd, made of what is there when it is first needed.
    pub fn with_crowd<R>(&mut self, work: impl FnOnce(&mut Crowd) -> R) -> R {
        let mut crowd = match std::mem::take(self) {
            Content::Crowd(crowd) => crowd,
            Content::Empty => Box::default(),
            Content::Receiver(receiver) => {
                Box::new(Crowd { receivers: [receiver.receiver()].into(), ..Crowd::default() })
            }
            Content::Value(value) => Box::new(Crowd { buffer: [value].into(), ..Crowd::default() }),
        };
        let result = work(&mut crowd);
        crowd.count();
        *self = Content::Crowd(crowd);
        result
    }

    /// Adds a message that waits beyond the buffer.
    pub fn push_mail(&mut self, item: Item) {
        match self {
            Content::Crowd(crowd) => crowd.keep(item),
            _ => self.with_crowd(|crowd| crowd.backlog.push_back(item)),
        }
    }

    /// Adds a message behind others that wait. Gives it back if none does.
    #[inline(always)]
    pub fn push_behind(&mut self, item: Item) -> Option<Item> {
        match self {
            // Who waits for a value has taken what was there.
            Content::Crowd(crowd) if !crowd.backlog.is_empty() && crowd.receivers.is_empty() => {
                crowd.keep(item);
                None
            }
            _ => Some(item),
        }
    }

    /// As [`Content::pop_mail`], where nothing is buffered.
    #[inline(always)]
    pub fn pop_first_mail(&mut self) -> Option<Item> {
        match self {
            Content::Crowd(crowd) if crowd.buffer.is_empty() => crowd.backlog.pop_front(),
            _ => None,
        }
    }

    /// The message that has waited longest beyond the buffer. The crowd stays, until somebody waits: more may come.
    pub fn pop_mail(&mut self) -> Option<Item> {
        self.crowd()?.backlog.pop_front()
    }

    /// How many messages wait beyond the buffer.
    pub fn backlog(&self) -> usize {
        match self {
            Content::Crowd(crowd) => crowd.backlog.len(),
            _ => 0,
        }
    }

    /// Takes out those messages of the backlog that `choose` picks.
    pub fn take_mail(&mut self, mut choose: impl FnMut(&Item) -> bool) -> Vec<Item> {
        let Some(crowd) = self.crowd() else { return Vec::new() };
        let items = std::mem::take(&mut crowd.backlog);
        let (chosen, kept): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| choose(item));
        crowd.backlog = kept.into();
        crowd.count();
        chosen
    }

    pub fn push_value(&mut self, value: Value) {
        match self {
            Content::Empty => *self = Content::Value(value),
            _ => self.with_crowd(|crowd| crowd.buffer.push_back(value)),
        }
    }

    pub fn pop_value(&mut self) -> Option<Value> {
        match self {
            Content::Empty | Content::Receiver(_) => None,
            Content::Crowd(crowd) => crowd.buffer.pop_front(),
            Content::Value(_) => match std::mem::take(self) {
                Content::Value(value) => Some(value),
                _ => None,
            },
        }
    }

    #[inline(always)]
    pub fn push_receiver(&mut self, receiver: Receiver) {
        match (&*self, Packed::of(receiver)) {
            (Content::Empty, Some(packed)) => {
                // Nothing is no more to drop.
                std::mem::forget(std::mem::replace(self, Content::Receiver(packed)));
            }
            _ => self.crowd_receiver(receiver),
        }
    }

    #[inline(never)]
    fn crowd_receiver(&mut self, receiver: Receiver) {
        self.disperse();
        match (&*self, Packed::of(receiver)) {
            (Content::Empty, Some(packed)) => *self = Content::Receiver(packed),
            _ => self.with_crowd(|crowd| crowd.receivers.push_back(receiver)),
        }
    }

    #[inline(always)]
    pub fn pop_receiver(&mut self) -> Option<Receiver> {
        match self {
            Content::Empty | Content::Value(_) => None,
            Content::Crowd(crowd) => crowd.receivers.pop_front(),
            Content::Receiver(receiver) => {
                let receiver = receiver.receiver();
                *self = Content::Empty;
                Some(receiver)
            }
        }
    }

    /// Forgets who waits with this ticket.
    #[inline(always)]
    pub fn withdraw(&mut self, ticket: Ticket, tasks: &Tasks) {
        match self {
            Content::Empty | Content::Value(_) => {}
            Content::Receiver(receiver) => {
                if receiver.receiver().ticket == ticket {
                    // As above.
                    std::mem::forget(std::mem::replace(self, Content::Empty));
                }
            }
            Content::Crowd(_) => self.withdraw_from_crowd(ticket, tasks),
        }
    }

    #[inline(never)]
    fn withdraw_from_crowd(&mut self, ticket: Ticket, tasks: &Tasks) {
        if let Content::Crowd(crowd) = self {
            crowd.withdraw(ticket, tasks);
            self.disperse();
        }
    }

    /// A crowd of nobody goes: an idle process keeps little.
    pub fn disperse(&mut self) {
        if let Content::Crowd(crowd) = self
            && crowd.buffer.is_empty()
            && crowd.receivers.is_empty()
            && crowd.senders.is_empty()
            && crowd.backlog.is_empty()
        {
            *self = Content::Empty;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_fits_two_words() {
        assert_eq!(size_of::<Content>(), 16);
    }

    #[test]
    fn values_leave_in_the_order_they_came() {
        let mut content = Content::default();
        for round in 0..3 {
            for item in 0..5 {
                content.push_value(Value::int(item + round));
            }
            assert_eq!(content.buffered(), 5);
            for item in 0..5 {
                assert_eq!(content.pop_value().and_then(|value| value.as_int()), Some(item + round));
            }
            assert!(content.pop_value().is_none());
            content.disperse();
            assert!(matches!(content, Content::Empty));
        }
    }

    #[test]
    fn receivers_leave_in_the_order_they_came_unless_they_withdraw() {
        let mut content = Content::default();
        let ticket = |number| Ticket::from_bits(number);
        for number in 0..4 {
            content.push_receiver(Receiver { ticket: ticket(number), case: 0 });
        }
        content.withdraw(ticket(1), &Tasks::new());
        let mut next = || content.pop_receiver().map(|receiver| receiver.ticket.bits());
        assert_eq!((next(), next(), next(), next()), (Some(0), Some(2), Some(3), None));
    }

    #[test]
    fn a_large_crowd_forgets_many_who_withdraw_together() {
        let (mut content, tasks) = (Content::default(), Tasks::new());
        let wait = |number| Receiver { ticket: Ticket::from_bits(number), case: 0 };
        (0..1000).for_each(|number| content.push_receiver(wait(number)));
        for number in 0..1000 {
            content.withdraw(Ticket::from_bits(number), &tasks);
            let left = content.crowd().map_or(0, |crowd| crowd.receivers.len());
            let waiting = 999 - usize::try_from(number).unwrap();
            assert!(left <= FEW.max(2 * waiting), "{number}: {left}");
        }
        assert!(matches!(content, Content::Empty));
    }

    #[test]
    fn a_receiver_is_what_it_was_however_large() {
        for (task, number, case) in
            [(0, 1, 0), (7, u32::MAX, 4095), (1 << 20, 5, 3), (3, 5, 4096), (u32::MAX, u32::MAX, u32::MAX)]
        {
            let mut content = Content::default();
            content.push_receiver(Receiver { ticket: Ticket::new(task, number), case });
            let receiver = content.pop_receiver().unwrap();
            assert_eq!((receiver.ticket, receiver.case), (Ticket::new(task, number), case));
        }
    }
}
