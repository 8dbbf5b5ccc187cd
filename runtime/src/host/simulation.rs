//! A simulated run (`--sim SEED`): one thread, a clock that jumps to the next thing to happen, and an
//! order of processes that follows from the seed.
//!
//! The supervisor's waits and the processes' timers share one clock: that of the I/O runtime, which
//! stands still while anything can run. Reads of the terminal are made at once, in the order of the
//! program.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::process::system::System;
use crate::sched::worker::{simulated_time, simulated_turn};

/// So many turns are run between two looks at signals and at the supervisor.
const TURNS: usize = 64;

/// So long (in true time) the program has to end by itself after the second signal.
const GRACE: Duration = Duration::from_secs(1);

/// A process that never blocks keeps the only thread, and signals would wait for it. The second one ends
/// the program all the same.
///
/// # Errors
/// There is no thread for that.
pub fn end_when_asked_twice() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let wait = async move {
        for _ in 0..2 {
            poll_fn(|context| match signals.0.poll_recv(context) {
                Poll::Pending => signals.1.poll_recv(context),
                came => came,
            })
            .await;
        }
        tokio::time::sleep(GRACE).await;
        crate::host::terminal::restore();
        std::process::exit(1);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(wait))?;
    Ok(())
}

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
