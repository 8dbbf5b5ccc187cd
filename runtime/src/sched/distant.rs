//! Timers out of reach of a core's own wheel, which only the thread that holds the core touches: those
//! armed by who holds no core, and the cancelling of a timer that another thread's core has.

use crate::sched::Identity;
use crate::sched::sync::{AtomicU64, Mutex, Ordering, lock};
use crate::sched::wheel::{Due, Key, Wheel};

/// The wheel of those who hold no core: busy threads that gave it away, threads that are no workers, and
/// everybody in a simulation. Who holds the first core looks after it.
pub struct Common {
    wheel: Mutex<Wheel>,
    /// When the wheel must be looked at next, so that a look mostly takes no lock.
    next: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Default for Common {
    fn default() -> Common {
        Common { wheel: Mutex::new(Wheel::default()), next: AtomicU64::new(NEVER) }
    }
}

impl Common {
    fn with<R>(&self, work: impl FnOnce(&mut Wheel) -> R) -> R {
        let mut wheel = lock(&self.wheel);
        let result = work(&mut wheel);
        self.next.store(wheel.next().unwrap_or(NEVER), Ordering::Relaxed);
        result
    }

    /// As [`Wheel::arm`]. The keeper of the wheel may sleep: the caller wakes it then.
    pub fn arm(&self, nanoseconds: u64, owner: Identity, word: u64) -> Key {
        self.with(|wheel| wheel.arm(nanoseconds, owner, word))
    }

    pub fn cancel(&self, key: Key) {
        self.with(|wheel| wheel.cancel(key));
    }

    /// As [`Wheel::next`].
    pub fn next(&self) -> Option<u64> {
        Some(self.next.load(Ordering::Relaxed)).filter(|next| *next != NEVER)
    }

    /// As [`Wheel::advance`].
    pub fn advance(&self, nanoseconds: u64, due: &mut Vec<Due>) {
        self.with(|wheel| wheel.advance(nanoseconds, due));
    }
}

/// What others have cancelled of one core's timers. Until its thread looks, they are still armed: what
/// fires meanwhile is known to its owner as stale, by its word.
#[derive(Default)]
pub struct Cancelled {
    keys: Mutex<Vec<Key>>,
    /// How many there are, so that a look mostly takes no lock.
    count: AtomicU64,
}

impl Cancelled {
    /// Adds a timer; how many there are now.
    pub fn add(&self, key: Key) -> usize {
        let mut keys = lock(&self.keys);
        keys.push(key);
        self.count.store(keys.len() as u64, Ordering::Relaxed);
        keys.len()
    }

    /// Takes them all.
    #[inline]
    pub fn take(&self) -> Vec<Key> {
        if self.count.load(Ordering::Relaxed) == 0 { Vec::new() } else { self.take_some() }
    }

    #[cold]
    fn take_some(&self) -> Vec<Key> {
        let mut keys = lock(&self.keys);
        self.count.store(0, Ordering::Relaxed);
        std::mem::take(&mut keys)
    }
}
