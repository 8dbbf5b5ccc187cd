//! Who sleeps, and who is woken.
//!
//! A worker that found nothing to do says so, looks once more, and only then sleeps. Whoever adds
//! work adds it first, then looks who sleeps. Both sides use sequentially consistent steps on the
//! same word, so at least one of them sees the other: work is never added beside a worker that goes
//! to sleep without having seen it.

use crate::sched::sync::{AtomicU64, Ordering};

/// The sleeping workers, a bit each.
#[derive(Default)]
pub struct Idle {
    asleep: AtomicU64,
}

impl Idle {
    /// Worker `index` is about to sleep; it must look for work once more now.
    pub fn announce(&self, index: usize) {
        self.asleep.fetch_or(1 << index, Ordering::SeqCst);
    }

    /// Worker `index` found something after all, or woke by itself. False if somebody wakes it.
    pub fn retract(&self, index: usize) -> bool {
        self.asleep.fetch_and(!(1 << index), Ordering::SeqCst) & (1 << index) != 0
    }

    /// Work was added: a worker the caller must wake, if any sleeps.
    pub fn pick(&self) -> Option<usize> {
        // A read-modify-write, so that it is ordered after the addition for everybody.
        let mut asleep = self.asleep.fetch_or(0, Ordering::SeqCst);
        while asleep != 0 {
            let index = asleep.trailing_zeros() as usize;
            let before = self.asleep.fetch_and(!(1 << index), Ordering::SeqCst);
            if before & (1 << index) != 0 {
                return Some(index);
            }
            asleep = before & !(1 << index);
        }
        None
    }

    /// As [`Idle::pick`], for one worker.
    pub fn pick_this(&self, index: usize) -> bool {
        self.asleep.fetch_and(!(1 << index), Ordering::SeqCst) & (1 << index) != 0
    }

    /// The sleeping workers, a bit each; it may have changed when this returns.
    pub fn asleep(&self) -> u64 {
        self.asleep.load(Ordering::Relaxed)
    }

    pub fn is_anyone_asleep(&self) -> bool {
        self.asleep.load(Ordering::Relaxed) != 0
    }
}
