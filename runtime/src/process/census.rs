//! How many processes live on a host, counted by each core for itself: who starts or ends a process
//! writes where no other core writes, so that it costs no more than a number.

use crate::sched::sync::{AtomicU64, Ordering};

/// The counts of one host.
pub struct Census {
    /// One for each core, and the last for all threads that have none.
    tallies: Box<[Tally]>,
}

/// What one core has seen, each ever growing. A line of its own, as others' would pull it away.
#[derive(Default)]
#[repr(align(64))]
struct Tally {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Census {
    pub fn new(cores: usize) -> Census {
        Census { tallies: (0..=cores).map(|_| Tally::default()).collect() }
    }

    /// One more, started by the thread that has this core.
    #[inline]
    pub fn enter(&self, core: Option<usize>) {
        self.count(core, |tally| &tally.begun);
    }

    /// One less, ended by the thread that has this core.
    #[inline]
    pub fn leave(&self, core: Option<usize>) {
        self.count(core, |tally| &tally.ended);
    }

    #[inline]
    fn count(&self, core: Option<usize>, choose: impl Fn(&Tally) -> &AtomicU64) {
        match core.and_then(|core| self.tallies.get(core)) {
            Some(own) => {
                // Only the thread with the core writes here.
                let count = choose(own);
                count.store(count.load(Ordering::Relaxed) + 1, Ordering::Release);
            }
            None => {
                if let Some(shared) = self.tallies.last() {
                    choose(shared).fetch_add(1, Ordering::AcqRel);
                }
            }
        }
    }

    /// How many there are: never less than at some moment of this call. Ends are read first, so the
    /// start of each of them is seen too.
    pub fn living(&self) -> usize {
        let sum = |choose: fn(&Tally) -> &AtomicU64| -> u64 {
            self.tallies.iter().map(|tally| choose(tally).load(Ordering::Acquire)).sum()
        };
        let ended = sum(|tally| &tally.ended);
        let begun = sum(|tally| &tally.begun);
        usize::try_from(begun.saturating_sub(ended)).unwrap_or(usize::MAX)
    }
}
