//! Turns: how many of a group may run at the same time, and who waits.
//!
//! One word counts both, so that who finds room, and who leaves while nobody waits, takes no lock.

use std::collections::VecDeque;

use crate::sched::sync::{AtomicU64, Mutex, Ordering, lock};

/// One that waits, in the count.
const WAITS: u64 = 1 << 32;

/// The turns of one group.
pub struct Turns {
    width: u64,
    /// How many run, and above that how many wait.
    count: AtomicU64,
    /// The slots that wait, as many as the count says whenever the lock is free.
    waiting: Mutex<VecDeque<u32>>,
}

/// How many run, of a count.
fn running(count: u64) -> u64 {
    count % WAITS
}

/// The same with one less that runs. After a hand-off the turn was given back already.
fn without_one(count: u64) -> u64 {
    count - running(count).min(1)
}

impl Turns {
    /// Turns of which `width` may be taken at a time.
    pub fn new(width: usize) -> Turns {
        Turns { width: width as u64, count: AtomicU64::new(0), waiting: Mutex::new(VecDeque::new()) }
    }

    pub fn width(&self) -> usize {
        usize::try_from(self.width).unwrap_or(usize::MAX)
    }

    /// Whether anybody waits for a turn.
    pub fn are_waited_for(&self) -> bool {
        self.count.load(Ordering::Relaxed) >= WAITS
    }

    /// `slot` wants to run; false if it has to wait, and is remembered.
    #[inline]
    pub fn enter(&self, slot: u32) -> bool {
        let is_there_room = |count: u64| (running(count) < self.width).then_some(count + 1);
        self.change(is_there_room) || self.enter_or_wait(slot)
    }

    #[cold]
    fn enter_or_wait(&self, slot: u32) -> bool {
        let mut waiting = lock(&self.waiting);
        let mut may_run = false;
        self.change(|count| {
            may_run = running(count) < self.width;
            Some(if may_run { count + 1 } else { count + WAITS })
        });
        if !may_run {
            waiting.push_back(slot);
        }
        may_run
    }

    /// A turn has ended, or no longer counts. The slot whose turn has come.
    #[inline]
    pub fn leave(&self) -> Option<u32> {
        if self.change(|count| (count < WAITS).then(|| without_one(count))) {
            return None;
        }
        self.leave_to_next()
    }

    #[cold]
    fn leave_to_next(&self) -> Option<u32> {
        let mut waiting = lock(&self.waiting);
        let next = waiting.pop_front();
        let one = if next.is_some() { WAITS } else { 0 };
        self.change(|count| Some(without_one(count) - one));
        next
    }

    /// Exchanges the count for what `next` makes of it; false if that is nothing.
    #[inline]
    fn change(&self, next: impl FnMut(u64) -> Option<u64>) -> bool {
        self.count.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).is_ok()
    }
}
