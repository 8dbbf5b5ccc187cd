//! A simulated run (`--sim SEED`): one thread, a clock that jumps to the next thing to happen, and an
//! order of processes that follows from the seed.
//!
//! The supervisor's waits and the processes' timers share one clock: that of the I/O runtime, which
//! stands still while anything can run. Reads of the terminal are made at once, in the order of the
//! program.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::process::system::System;
use crate::sched::worker::{simulated_time, simulated_turn};

/// So many turns are run between two looks at signals and at the supervisor.
const TURNS: usize = 64;

/// Runs the processes of a simulated system for ever.
pub async fn drive(system: Arc<System>) {
    let work = Arc::new(Notify::new());
    let bell = work.clone();
    system.scheduler().on_work(Box::new(move || bell.notify_one()));
    let start = Instant::now();
    loop {
        let is_busy = (0..TURNS).all(|_| simulated_turn(&system));
        // Now the supervisor sees what it was told.
        tokio::task::yield_now().await;
        if is_busy || simulated_turn(&system) {
            continue;
        }
        match system.scheduler().simulated_next() {
            None => work.notified().await,
            Some(due) => {
                let due = start + Duration::from_nanos(due);
                // Whichever comes first.
                let _ = tokio::time::timeout_at(due, work.notified()).await;
            }
        }
        let now = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        // The runtime's clock has coarser steps than ours: what is due in between comes in order.
        while let Some(due) = system.scheduler().simulated_next().filter(|due| *due <= now) {
            simulated_time(&system, due);
            while simulated_turn(&system) {}
        }
        simulated_time(&system, now);
    }
}
