//! A mailbox with its wake-up: many senders push without locks, one owner drains.
//!
//! `state` is a set of bits that both sides change by read-modify-write only, so that neither can
//! miss the other. A sender pushes, then sets NOTIFIED; if nothing was set before, it must put the
//! owner into the run queue. The worker swaps in RUNNING before it drains, so what was pushed before
//! is seen, and what is pushed later sets NOTIFIED again, which the worker finds when the turn ends.
//!
//! A mailbox without an owner is closed: a sentinel stands where the newest letter would, and every
//! push is refused. So a letter is either drained, or given back by [`Mailbox::close`], or refused.

use std::ptr;

use crate::sched::sync::{AtomicPtr, AtomicU32, Ordering};

const RUNNING: u32 = 1;
const NOTIFIED: u32 = 2;
/// Nobody owns the mailbox: nothing may queue it.
const VACANT: u32 = 4;

/// The letters are a stack that the owner takes whole.
pub struct Mailbox<T> {
    state: AtomicU32,
    top: AtomicPtr<Envelope<T>>,
}

/// A letter on its way.
pub struct Envelope<T> {
    pub content: T,
    below: *mut Envelope<T>,
}

/// What became of a letter.
#[derive(Debug, PartialEq, Eq)]
pub enum Pushed<T> {
    /// It is in; the caller must queue the owner.
    Wake,
    /// It is in; somebody else queued the owner, or it runs.
    Quiet,
    /// Nobody will ever read it.
    Refused(T),
}

/// What the owner of a mailbox is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    Running,
    /// It waits in a run queue.
    Ready,
    Idle,
}

/// What a worker does with the owner after a turn.
#[derive(Debug, PartialEq, Eq)]
pub enum After {
    Idle,
    /// Something came in meanwhile: queue it again.
    Again,
}

/// Stands for "closed" where the newest letter would. Never dereferenced.
fn closed<T>() -> *mut Envelope<T> {
    ptr::without_provenance_mut(align_of::<Envelope<T>>())
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Mailbox { state: AtomicU32::new(VACANT), top: AtomicPtr::new(closed()) }
    }
}

impl<T> Mailbox<T> {
    /// A new owner moves in, idle.
    pub fn open(&self) {
        self.top.swap(ptr::null_mut(), Ordering::AcqRel);
        self.state.swap(0, Ordering::AcqRel);
    }

    pub fn is_open(&self) -> bool {
        self.top.load(Ordering::Acquire) != closed()
    }

    /// Whether letters wait.
    pub fn has_letters(&self) -> bool {
        let top = self.top.load(Ordering::Acquire);
        !top.is_null() && top != closed()
    }

    /// What the owner is doing, at this moment.
    pub fn activity(&self) -> Activity {
        let state = self.state.load(Ordering::Relaxed);
        match state {
            state if state & RUNNING != 0 => Activity::Running,
            state if state & NOTIFIED != 0 => Activity::Ready,
            _ => Activity::Idle,
        }
    }

    /// How many of the letters `choose` picks.
    ///
    /// # Safety
    /// Nobody drains or closes the mailbox meanwhile.
    pub unsafe fn count(&self, choose: impl Fn(&T) -> bool) -> usize {
        let mut letter = self.top.load(Ordering::Acquire);
        let mut count = 0;
        while !letter.is_null() && letter != closed() {
            // SAFETY: letters below the top stay where they are until somebody takes all of them.
            let own = unsafe { &*letter };
            count += usize::from(choose(&own.content));
            letter = own.below;
        }
        count
    }

    #[inline(always)]
    pub fn push(&self, content: T) -> Pushed<T> {
        let mut top = self.top.load(Ordering::Acquire);
        if top == closed() {
            return Pushed::Refused(content);
        }
        let letter = Box::into_raw(Box::new(Envelope { content, below: top }));
        loop {
            match self.top.compare_exchange_weak(top, letter, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => break,
                Err(now) if now == closed() => {
                    // SAFETY: the exchange failed, so the letter is still ours alone.
                    return Pushed::Refused(unsafe { Box::from_raw(letter) }.content);
                }
                Err(now) => {
                    top = now;
                    // SAFETY: as above.
                    unsafe { (*letter).below = top };
                }
            }
        }
        if self.notify() { Pushed::Wake } else { Pushed::Quiet }
    }

    /// Marks the owner as having something to do. True if the caller must queue it.
    pub fn notify(&self) -> bool {
        self.state.fetch_or(NOTIFIED, Ordering::AcqRel) == 0
    }

    /// A worker begins a turn of the owner. False if there is none.
    pub fn begin(&self) -> bool {
        if self.state.swap(RUNNING, Ordering::AcqRel) & VACANT != 0 {
            self.state.swap(VACANT, Ordering::AcqRel);
            return false;
        }
        true
    }

    /// The worker is done with one turn.
    pub fn end(&self) -> After {
        match self.state.compare_exchange(RUNNING, 0, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => After::Idle,
            Err(_) => self.again(),
        }
    }

    /// The turn was cut short: the owner has more to do.
    pub fn again(&self) -> After {
        self.state.swap(NOTIFIED, Ordering::AcqRel);
        After::Again
    }

    /// Takes every letter, oldest first. Only the owner's worker calls it.
    pub fn drain(&self) -> Letters<T> {
        if self.top.load(Ordering::Acquire).is_null() {
            return Letters { first: ptr::null_mut() };
        }
        // Only the owner closes, so what is taken here is no sentinel.
        Letters::of(self.top.swap(ptr::null_mut(), Ordering::AcqRel))
    }

    /// The owner moves out: nothing gets in any more, nothing queues it. What was never read.
    pub fn close(&self) -> Letters<T> {
        let top = self.top.swap(closed(), Ordering::AcqRel);
        self.state.swap(VACANT, Ordering::AcqRel);
        Letters::of(if top == closed() { ptr::null_mut() } else { top })
    }
}

/// Letters that were taken out of a mailbox, oldest first.
pub struct Letters<T> {
    /// The chain, turned over: each letter points to the next newer one.
    first: *mut Envelope<T>,
}

impl<T> Letters<T> {
    /// A chain that an exchange took out whole, newest letter on top.
    fn of(mut top: *mut Envelope<T>) -> Letters<T> {
        let mut first = ptr::null_mut();
        while !top.is_null() {
            // SAFETY: the whole chain is ours alone.
            let below = unsafe { std::mem::replace(&mut (*top).below, first) };
            first = std::mem::replace(&mut top, below);
        }
        Letters { first }
    }
}

impl<T> Iterator for Letters<T> {
    /// Letters stay where they are: moving what is in them costs more than a pointer.
    type Item = Box<Envelope<T>>;

    #[inline]
    fn next(&mut self) -> Option<Box<Envelope<T>>> {
        if self.first.is_null() {
            return None;
        }
        // SAFETY: the letter is ours alone and came from a Box.
        let letter = unsafe { Box::from_raw(self.first) };
        self.first = letter.below;
        Some(letter)
    }
}

impl<T> Drop for Letters<T> {
    fn drop(&mut self) {
        self.for_each(drop);
    }
}

impl<T> Drop for Mailbox<T> {
    fn drop(&mut self) {
        drop(self.close());
    }
}
