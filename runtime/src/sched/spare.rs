//! Spare threads. A worker whose process stays busy gives its core away: a spare thread goes on with
//! the queue and the timers, and the busy thread keeps nothing but its process.

use std::sync::Arc;

use crate::sched::sync::{Condvar, Mutex, lock, wait};

/// Beyond so many threads a busy process keeps its core.
const MOST: usize = 64;
/// So many threads without a core wait for the next one; others end.
const WAITING: usize = 4;

/// Threads that wait for a `Core`.
pub struct Spares<Core> {
    inner: Mutex<Inner<Core>>,
}

struct Inner<Core> {
    waiting: Vec<Arc<Seat<Core>>>,
    threads: usize,
    stopping: bool,
}

/// Where a waiting thread finds its core. Who holds its lock may take the other one, not the other way
/// round.
struct Seat<Core> {
    core: Mutex<Option<Box<Core>>>,
    given: Condvar,
}

impl<Core> Default for Spares<Core> {
    fn default() -> Self {
        Spares { inner: Mutex::new(Inner { waiting: Vec::new(), threads: 0, stopping: false }) }
    }
}

/// What becomes of a core that is given away.
pub enum Offer<Core> {
    Taken,
    /// No thread waits, but one more may be started for it.
    Start(Box<Core>),
    /// There are too many threads already.
    Refused(Box<Core>),
}

impl<Core> Spares<Core> {
    pub fn offer(&self, core: Box<Core>) -> Offer<Core> {
        let mut inner = lock(&self.inner);
        if let Some(seat) = inner.waiting.pop() {
            drop(inner);
            *lock(&seat.core) = Some(core);
            seat.given.notify_one();
            return Offer::Taken;
        }
        if inner.threads >= MOST {
            return Offer::Refused(core);
        }
        inner.threads += 1;
        Offer::Start(core)
    }

    /// The thread that was to be started could not be.
    pub fn not_started(&self) {
        lock(&self.inner).threads -= 1;
    }

    /// Waits for a core. `None`: the thread is to end.
    pub fn wait(&self) -> Option<Box<Core>> {
        let seat = Arc::new(Seat { core: Mutex::new(None), given: Condvar::new() });
        let mut inner = lock(&self.inner);
        if inner.stopping || inner.waiting.len() >= WAITING {
            inner.threads = inner.threads.saturating_sub(1);
            return None;
        }
        inner.waiting.push(seat.clone());
        drop(inner);
        let mut core = lock(&seat.core);
        loop {
            if core.is_some() || lock(&self.inner).stopping {
                return core.take();
            }
            core = wait(&seat.given, core);
        }
    }

    pub fn stop(&self) {
        let waiting = {
            let mut inner = lock(&self.inner);
            inner.stopping = true;
            std::mem::take(&mut inner.waiting)
        };
        for seat in waiting {
            // Under the lock, so that the thread is either before its look or waits already.
            let _core = lock(&seat.core);
            seat.given.notify_one();
        }
    }
}
