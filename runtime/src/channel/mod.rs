//! Channels between the coroutines of one process: buffered or not, closable, selectable.

pub mod library;
pub mod select;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::cx::Cx;
use crate::process::task::{TaskId, Waiter};
use crate::userdata::UserDataBox;
use crate::value::Value;

/// What completes a blocked operation.
pub enum Event {
    /// A value arrived on channel (case) `case`; `ok` is false when it is the close.
    Received { case: usize, value: Value, ok: bool },
    /// The value was taken.
    Sent { case: usize },
    /// The channel closed under a sender.
    Closed,
}

/// A task that waits on a channel, as one case of its operation.
pub struct Waiting {
    pub waiter: Rc<Waiter<Event>>,
    pub case: usize,
    /// What a sender offers.
    pub value: Value,
}

/// The channel itself, shared by its Lua object and by who delivers into it.
pub struct Core {
    capacity: usize,
    buffer: RefCell<VecDeque<Value>>,
    closed: Cell<bool>,
    receivers: RefCell<VecDeque<Waiting>>,
    senders: RefCell<VecDeque<Waiting>>,
    /// It belongs to a subscription: queued mail may be pulled when it is empty.
    pub is_mailbox: Cell<bool>,
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

impl Core {
    /// A fresh channel as a Lua value, and its core.
    pub fn new_value(cx: Cx, capacity: usize) -> (Value, Rc<Core>) {
        let core = Rc::new(Core {
            capacity,
            buffer: RefCell::default(),
            closed: Cell::new(false),
            receivers: RefCell::default(),
            senders: RefCell::default(),
            is_mailbox: Cell::new(false),
        });
        (UserDataBox::new(cx, library::Channel(core.clone())), core)
    }

    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn next_waiting(queue: &RefCell<VecDeque<Waiting>>) -> Option<Waiting> {
        let mut queue = queue.borrow_mut();
        while let Some(waiting) = queue.pop_front() {
            if waiting.waiter.is_waiting() {
                return Some(waiting);
            }
        }
        None
    }

    /// Whether a delivery from outside would be taken now.
    pub fn accepts(&self) -> bool {
        self.receivers.borrow_mut().retain(|waiting| waiting.waiter.is_waiting());
        self.closed.get() || !self.receivers.borrow().is_empty() || self.buffer.borrow().len() < self.capacity
    }

    /// Delivers a value from outside; the task to wake.
    pub fn deliver(&self, value: Value) -> Option<TaskId> {
        match self.offer(value, None) {
            Offered::Taken(task) => task,
            Offered::Closed | Offered::NotReady => None,
        }
    }

    /// Hands `value` to a waiting receiver (not one of the operation `own`) or to the buffer.
    pub fn offer(&self, value: Value, own: Option<&Rc<Waiter<Event>>>) -> Offered {
        if self.closed.get() {
            return Offered::Closed;
        }
        let is_own = |waiting: &Waiting| own.is_some_and(|own| Rc::ptr_eq(own, &waiting.waiter));
        if let Some(receiver) = Self::next_waiting(&self.receivers).filter(|waiting| !is_own(waiting)) {
            let case = receiver.case;
            receiver.waiter.complete(Event::Received { case, value, ok: true });
            return Offered::Taken(Some(receiver.waiter.task));
        }
        if self.buffer.borrow().len() < self.capacity {
            self.buffer.borrow_mut().push_back(value);
            return Offered::Taken(None);
        }
        Offered::NotReady
    }

    /// Takes a value from the buffer, from queued mail or from a blocked sender.
    pub fn take(self: &Rc<Self>, cx: Cx) -> Received {
        let buffered = self.buffer.borrow_mut().pop_front();
        if let Some(value) = buffered {
            // The value of a blocked sender moves into the room that was made.
            let sender = Self::next_waiting(&self.senders);
            let task = sender.map(|sender| {
                self.buffer.borrow_mut().push_back(sender.value);
                sender.waiter.complete(Event::Sent { case: sender.case });
                sender.waiter.task
            });
            return Received::Value(value, task);
        }
        if let Some(sender) = Self::next_waiting(&self.senders) {
            sender.waiter.complete(Event::Sent { case: sender.case });
            return Received::Value(sender.value, Some(sender.waiter.task));
        }
        if self.closed.get() {
            return Received::Closed;
        }
        if self.is_mailbox.get()
            && let Some(value) = cx.process().mail.pull(cx, self)
        {
            return Received::Value(value, None);
        }
        Received::NotReady
    }

    pub fn wait_to_receive(&self, waiter: Rc<Waiter<Event>>, case: usize) {
        self.receivers.borrow_mut().push_back(Waiting { waiter, case, value: Value::NIL });
    }

    pub fn wait_to_send(&self, waiter: Rc<Waiter<Event>>, case: usize, value: Value) {
        self.senders.borrow_mut().push_back(Waiting { waiter, case, value });
    }

    /// Closes; the tasks to wake, senders first.
    pub fn close(&self) -> Vec<TaskId> {
        let mut woken = Vec::new();
        if self.closed.replace(true) {
            return woken;
        }
        while let Some(sender) = Self::next_waiting(&self.senders) {
            sender.waiter.complete(Event::Closed);
            woken.push(sender.waiter.task);
        }
        while let Some(receiver) = Self::next_waiting(&self.receivers) {
            let case = receiver.case;
            receiver.waiter.complete(Event::Received { case, value: Value::NIL, ok: false });
            woken.push(receiver.waiter.task);
        }
        woken
    }

    pub fn clear(&self) {
        drop(self.buffer.take());
        drop(self.receivers.take());
        drop(self.senders.take());
    }
}
