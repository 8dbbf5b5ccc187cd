//! The timers of one process: sleeping tasks, and channels that get the time when it has come.
//!
//! A channel does not keep its timer alive the other way round: when Lua drops the channel, its
//! timer is cancelled, so a timeout that nobody waits for any more costs nothing.

use std::cell::RefCell;
use std::ptr::NonNull;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::task::{Ticket, Wait, Wake, host_operation};
use crate::sched::TimerHandle;
use crate::value::Value;

/// Tells a channel's timer from a sleeping task in the word the scheduler gives back.
const IS_CHANNEL: u64 = 1 << 63;

struct Entry {
    /// Valid for as long as the entry exists: [`Channel`]'s drop removes it.
    channel: NonNull<Channel>,
    /// Nanoseconds since the start of the program.
    due: u64,
    /// A ticker's period.
    period: Option<Duration>,
    handle: Option<TimerHandle>,
}

/// The channels that wait for their time, by number.
#[derive(Default)]
pub struct Timers(RefCell<FxHashMap<u32, Entry>>);

/// A timer that is cancelled when this is dropped.
struct Armed {
    cx: Cx,
    handle: Option<TimerHandle>,
}

impl Drop for Armed {
    fn drop(&mut self) {
        cancel(self.cx, self.handle.take());
    }
}

fn arm(cx: Cx, due: u64, word: u64) -> Option<TimerHandle> {
    let state = cx.process();
    state.system.as_ref().map(|system| system.scheduler().arm(due, state.identity(), word))
}

fn cancel(cx: Cx, handle: Option<TimerHandle>) {
    if let (Some(system), Some(handle)) = (&cx.process().system, handle) {
        system.scheduler().cancel(handle);
    }
}

fn now(cx: Cx) -> u64 {
    cx.process().system.as_ref().map_or(0, |system| system.scheduler().now())
}

fn nanoseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// The time `span` from now. A sum beyond five centuries is as good as never.
fn later(cx: Cx, span: Duration) -> u64 {
    now(cx).saturating_add(nanoseconds(span)).min(u64::MAX / 2)
}

/// Suspends the running task for `span`.
///
/// # Errors
/// Nothing may suspend here.
pub async fn sleep(cx: Cx, span: Duration) -> LuaResult<()> {
    host_operation(cx).await?;
    if span.is_zero() {
        return Ok(());
    }
    let ticket = cx.process().tasks.ticket();
    let _armed = Armed { cx, handle: arm(cx, later(cx, span), ticket.bits()) };
    Wait::new(cx, ticket).await;
    Ok(())
}

impl Timers {
    /// Lets `channel` get the time after `span`, once or (with `period`) again and again.
    pub fn start(&self, cx: Cx, channel: &Value, span: Duration, period: Option<Duration>) {
        let Some(channel) = channel.downcast::<Channel>() else { return };
        let number = cx.process().tasks.ticket_number();
        let due = later(cx, span);
        let handle = arm(cx, due, IS_CHANNEL | u64::from(number));
        channel.timer.set(number);
        let entry = Entry { channel: NonNull::from(channel), due, period, handle };
        self.0.borrow_mut().insert(number, entry);
    }

    /// Stops the timer of a channel. True if it was still pending.
    pub fn stop(&self, cx: Cx, channel: &Channel) -> bool {
        let entry = self.0.borrow_mut().remove(&channel.timer.take());
        let was_pending = entry.is_some();
        cancel(cx, entry.and_then(|entry| entry.handle));
        was_pending
    }

    /// A timer of this process is due.
    pub fn fire(&self, cx: Cx, word: u64) {
        if word & IS_CHANNEL == 0 {
            let ticket = Ticket::from_bits(word);
            let tasks = &cx.process().tasks;
            if tasks.complete(ticket, Wake::Elapsed) {
                tasks.wake(ticket.task);
            }
            return;
        }
        let number = u32::try_from(word & u64::from(u32::MAX)).unwrap_or(0);
        let mut entries = self.0.borrow_mut();
        let Some(entry) = entries.get_mut(&number) else { return };
        // SAFETY: the entry exists, so the channel has not been dropped; `deliver` and `shut` run
        // no Lua code and drop no channel.
        let channel = unsafe { entry.channel.as_ref() };
        match entry.period {
            Some(period) => {
                // The phase is kept: what was missed is skipped.
                let (now, period) = (now(cx), nanoseconds(period).max(1));
                let missed = now.saturating_sub(entry.due) / period;
                entry.due = entry.due.saturating_add(period.saturating_mul(missed + 1));
                entry.handle = arm(cx, entry.due, word);
                drop(entries);
                channel.deliver(crate::stdlib::time::now_value(cx));
            }
            None => {
                entries.remove(&number);
                drop(entries);
                channel.timer.set(0);
                channel.deliver(crate::stdlib::time::now_value(cx));
                channel.shut();
            }
        }
    }

    /// Whether any is pending.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Cancels all: the process is ending.
    pub(crate) fn clear(&self, cx: Cx) {
        for (_, entry) in self.0.take() {
            cancel(cx, entry.handle);
        }
    }
}
