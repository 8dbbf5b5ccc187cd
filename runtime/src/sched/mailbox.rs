//! A mailbox with its wake-up: many senders push without locks, one owner takes all there is.
//!
//! Everything is one word: the newest letter of a stack, and flags in the bits that its alignment leaves
//! free. Whoever changes something exchanges the word, so nobody can miss what another one did. A sender
//! pushes and sets NOTIFIED in one step; if the owner neither ran nor was notified before, the sender
//! must put it into the run queue. The worker takes the letters and sets RUNNING in one step; what is
//! pushed later sets NOTIFIED again, which the worker finds when the turn ends.
//!
//! A mailbox without an owner is VACANT, and every push is refused. So a letter is either taken, or given
//! back by [`Mailbox::close`], or refused.

use std::mem::MaybeUninit;
use std::ptr;

use crate::sched::sync::{AtomicPtr, Ordering, pause, room};

const RUNNING: usize = 1;
const NOTIFIED: usize = 2;
/// Nobody owns the mailbox: nothing may queue it.
const VACANT: usize = 4;
/// Somebody looks at the owner, who does not run meanwhile.
const LOOKED_AT: usize = 8;
const FLAGS: usize = 15;

/// The letters are a stack that the owner takes whole.
pub struct Mailbox<T> {
    word: AtomicPtr<Envelope<T>>,
}

/// A letter on its way. Aligned so that its address leaves room for the flags.
#[repr(align(16))]
pub struct Envelope<T> {
    pub content: T,
    below: *mut Envelope<T>,
}

/// The memory of a letter that has been read.
pub type Memory<T> = Box<MaybeUninit<Envelope<T>>>;

impl<T> Envelope<T> {
    /// Forgets the content, which somebody has moved out; the memory is left for something else.
    #[inline(always)]
    pub fn into_memory(self: Box<Self>) -> Memory<T> {
        let letter = Box::into_raw(self);
        // SAFETY: as it was allocated; nothing else in the letter needs to be dropped.
        unsafe { Box::from_raw(letter.cast()) }
    }
}

#[inline]
fn flags<T>(word: *mut Envelope<T>) -> usize {
    word.addr() & FLAGS
}

/// The newest letter; null without any.
#[inline]
fn newest<T>(word: *mut Envelope<T>) -> *mut Envelope<T> {
    word.map_addr(|address| address & !FLAGS)
}

#[inline]
fn word<T>(newest: *mut Envelope<T>, flags: usize) -> *mut Envelope<T> {
    newest.map_addr(|address| address | flags)
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

/// What became of a letter that nobody wants back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// As [`Pushed::Wake`].
    Wake,
    Quiet,
    /// Nobody will ever read it: it is gone.
    Refused,
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

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Mailbox { word: AtomicPtr::new(word(ptr::null_mut(), VACANT)) }
    }
}

impl<T> Mailbox<T> {
    #[inline(always)]
    fn load(&self) -> *mut Envelope<T> {
        self.word.load(Ordering::Acquire)
    }

    /// Exchanges the word for what `next` makes of it, unless that is nothing. The word it was.
    #[inline(always)]
    fn exchange(
        &self,
        mut next: impl FnMut(*mut Envelope<T>) -> Option<*mut Envelope<T>>,
    ) -> Result<*mut Envelope<T>, *mut Envelope<T>> {
        let mut now = self.load();
        loop {
            let Some(next) = next(now) else { return Err(now) };
            match self.word.compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Ok(now),
                Err(other) => now = other,
            }
        }
    }

    /// A new owner moves in, idle.
    pub fn open(&self) {
        self.word.swap(ptr::null_mut(), Ordering::AcqRel);
    }

    /// A new owner moves in, with something to do: the caller must queue it. Nobody else writes to a vacant
    /// mailbox, so this needs no exchange.
    pub fn open_notified(&self) {
        self.word.store(word(ptr::null_mut(), NOTIFIED), Ordering::Release);
    }

    /// Whether there is an owner. What the caller did before, the owner sees when it has moved out.
    pub fn touch(&self) -> bool {
        self.exchange(|now| (flags(now) & VACANT == 0).then_some(now)).is_ok()
    }

    #[inline(always)]
    pub fn is_open(&self) -> bool {
        flags(self.load()) & VACANT == 0
    }

    /// Whether letters wait.
    #[inline(always)]
    pub fn has_letters(&self) -> bool {
        !newest(self.load()).is_null()
    }

    /// Where the newest letter is, at this moment.
    #[inline]
    pub fn newest_address(&self) -> usize {
        newest(self.word.load(Ordering::Relaxed)).addr()
    }

    /// What the owner is doing, at this moment.
    pub fn activity(&self) -> Activity {
        match flags(self.load()) {
            flags if flags & RUNNING != 0 => Activity::Running,
            flags if flags & NOTIFIED != 0 => Activity::Ready,
            _ => Activity::Idle,
        }
    }

    /// Adds a letter.
    pub fn push(&self, content: T) -> Pushed<T> {
        self.push_with(|| content)
    }

    /// Adds a letter, written where it stays.
    #[inline(always)]
    pub fn push_with(&self, content: impl FnOnce() -> T) -> Pushed<T> {
        if !self.is_open() {
            return Pushed::Refused(content());
        }
        match self.add(content) {
            Ok(before) if flags(before) & (RUNNING | NOTIFIED) == 0 => Pushed::Wake,
            Ok(_) => Pushed::Quiet,
            Err(letter) => Pushed::Refused(letter.content),
        }
    }

    /// As [`Mailbox::push_with`], of a letter that is not wanted back.
    #[inline(always)]
    pub fn post_with(&self, content: impl FnOnce() -> T) -> Posted {
        match self.add(content) {
            Ok(before) if flags(before) & (RUNNING | NOTIFIED) == 0 => Posted::Wake,
            Ok(_) => Posted::Quiet,
            Err(letter) => Self::refuse(letter),
        }
    }

    #[cold]
    fn refuse(letter: Box<Envelope<T>>) -> Posted {
        drop(letter);
        Posted::Refused
    }

    /// Adds a letter; the word before, or the letter if there is no owner.
    #[inline(always)]
    fn add(&self, content: impl FnOnce() -> T) -> Result<*mut Envelope<T>, Box<Envelope<T>>> {
        let letter = room();
        let letter = Box::write(letter, Envelope { content: content(), below: ptr::null_mut() });
        let letter = Box::into_raw(letter);
        let added = self.exchange(|now| {
            // SAFETY: the letter is ours alone until the exchange succeeds.
            unsafe { (*letter).below = newest(now) };
            (flags(now) & VACANT == 0).then(|| word(letter, flags(now) | NOTIFIED))
        });
        // SAFETY: where the exchange has failed the letter is still ours alone.
        added.map_err(|_| unsafe { Box::from_raw(letter) })
    }

    /// Marks the owner as having something to do. True if the caller must queue it.
    pub fn notify(&self) -> bool {
        let notified = self.exchange(|now| (flags(now) & VACANT == 0).then(|| word(now, NOTIFIED)));
        notified.is_ok_and(|before| flags(before) & (RUNNING | NOTIFIED) == 0)
    }

    /// A worker begins a turn of the owner, and takes every letter. None if there is no owner, or it has
    /// nothing to do: a run queue may give a slot out twice.
    #[inline(always)]
    pub fn begin(&self) -> Option<Letters<T>> {
        loop {
            let begun = self.exchange(|now| (flags(now) == NOTIFIED).then(|| word(ptr::null_mut(), RUNNING)));
            match begun {
                Ok(before) => return Some(Letters::of(newest(before))),
                // Looks are short.
                Err(now) if flags(now) == NOTIFIED | LOOKED_AT => pause(),
                Err(_) => return None,
            }
        }
    }

    /// The worker is done with one turn.
    #[inline(always)]
    pub fn end(&self) -> After {
        let running = word(ptr::null_mut(), RUNNING);
        match self.word.compare_exchange(running, ptr::null_mut(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => After::Idle,
            Err(_) => self.again(),
        }
    }

    /// The turn was cut short: the owner has more to do.
    pub fn again(&self) -> After {
        let _ = self.exchange(|now| Some(word(newest(now), NOTIFIED)));
        After::Again
    }

    /// Takes every letter, oldest first, which shall be handled in this turn. Only the owner's worker
    /// calls it.
    #[inline]
    pub fn take(&self) -> Letters<T> {
        self.take_and_leave(RUNNING)
    }

    /// As [`Mailbox::take`], of letters that shall be handled in another turn.
    pub fn take_ahead(&self) -> Letters<T> {
        self.take_and_leave(RUNNING | NOTIFIED)
    }

    #[inline]
    fn take_and_leave(&self, left: usize) -> Letters<T> {
        let leave = |now| (!newest(now).is_null()).then(|| word(ptr::null_mut(), left));
        Letters::of(self.exchange(leave).map_or(ptr::null_mut(), newest))
    }

    /// The owner moves out: nothing gets in any more, nothing queues it. What was never read.
    pub fn close(&self) -> Letters<T> {
        Letters::of(newest(self.word.swap(word(ptr::null_mut(), VACANT), Ordering::AcqRel)))
    }

    /// Keeps the owner from running while somebody looks at it. Nothing if it runs, or is not there, or
    /// another one looks.
    pub fn look(&self) -> Option<Look<'_, T>> {
        let looked = self
            .exchange(|now| (flags(now) & (RUNNING | VACANT | LOOKED_AT) == 0).then(|| word(now, LOOKED_AT)));
        looked.ok().map(|_| Look(self))
    }
}

/// A look at an owner that does not run.
pub struct Look<'a, T>(&'a Mailbox<T>);

impl<T> Look<'_, T> {
    /// How many of the letters `choose` picks.
    pub fn count(&self, choose: impl Fn(&T) -> bool) -> usize {
        let mut letter = newest(self.0.load());
        let mut count = 0;
        while !letter.is_null() {
            // SAFETY: letters stay where they are until the owner's worker takes all of them, which
            // waits for the end of this look.
            let own = unsafe { &*letter };
            count += usize::from(choose(&own.content));
            letter = own.below;
        }
        count
    }
}

impl<T> Drop for Look<'_, T> {
    fn drop(&mut self) {
        let _ = self.0.exchange(|now| Some(word(newest(now), flags(now) & !LOOKED_AT)));
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

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first.is_null()
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
