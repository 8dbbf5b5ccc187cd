//! The run queue with its timers, and the worker loop. An idle worker sleeps until the next timer.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::slot::Identity;
use crate::sched::sync::lock;

/// The native stack of a worker; the kernel maps what is used.
const STACK: usize = 256 * 1024 * 1024;
/// What of it a process may use.
pub const STACK_BUDGET: usize = 192 * 1024 * 1024;

/// A timer: when, whose, which.
type Timer = Reverse<(Instant, u64, Identity, u64)>;

#[derive(Default)]
struct Core {
    ready: VecDeque<Identity>,
    timers: BinaryHeap<Timer>,
    armed: u64,
    stopping: bool,
}

/// Names a timer that was armed.
#[derive(Clone, Copy, Debug)]
pub struct TimerHandle(u64);

/// Work for the worker.
#[derive(Default)]
pub struct Queue {
    core: Mutex<Core>,
    wake: Condvar,
}

/// What the worker does next.
enum Next {
    Run(Identity),
    Fire(Identity, u64),
    Stop,
}

impl Queue {
    /// Adds a slot that was idle.
    pub fn push(&self, identity: Identity) {
        lock(&self.core).ready.push_back(identity);
        self.wake.notify_one();
    }

    /// Asks for `Signal::Timer(id)` at `deadline`.
    pub fn arm(&self, deadline: Instant, identity: Identity, id: u64) -> TimerHandle {
        let mut core = lock(&self.core);
        core.armed += 1;
        let order = core.armed;
        core.timers.push(Reverse((deadline, order, identity, id)));
        drop(core);
        self.wake.notify_one();
        TimerHandle(order)
    }

    /// Forgets a timer; nothing happens if it fired already.
    pub fn cancel(&self, handle: TimerHandle) {
        lock(&self.core).timers.retain(|Reverse((_, order, ..))| *order != handle.0);
    }

    pub fn stop(&self) {
        lock(&self.core).stopping = true;
        self.wake.notify_all();
    }

    fn next(&self) -> Next {
        let mut core = lock(&self.core);
        loop {
            if core.stopping {
                return Next::Stop;
            }
            let deadline = core.timers.peek().map(|Reverse((deadline, ..))| *deadline);
            let now = deadline.map(|_| Instant::now());
            if deadline.is_some()
                && deadline <= now
                && let Some(Reverse((_, _, identity, id))) = core.timers.pop()
            {
                return Next::Fire(identity, id);
            }
            if let Some(identity) = core.ready.pop_front() {
                return Next::Run(identity);
            }
            core = match deadline {
                Some(deadline) => {
                    let wait = deadline.saturating_duration_since(Instant::now());
                    let woken = self.wake.wait_timeout(core, wait);
                    woken.unwrap_or_else(std::sync::PoisonError::into_inner).0
                }
                None => self.wake.wait(core).unwrap_or_else(std::sync::PoisonError::into_inner),
            };
        }
    }
}

/// Starts the worker thread.
///
/// # Errors
/// The thread could not be made.
pub fn start(system: &Arc<System>) -> std::io::Result<std::thread::JoinHandle<()>> {
    let system = system.clone();
    std::thread::Builder::new().name("worker".to_owned()).stack_size(STACK).spawn(move || {
        loop {
            match system.queue().next() {
                Next::Run(identity) => system.run(identity),
                Next::Fire(identity, id) => drop(system.signal(identity, Signal::Timer(id))),
                Next::Stop => return,
            }
        }
    })
}
