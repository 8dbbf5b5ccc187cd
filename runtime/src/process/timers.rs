//! The timers of one process: sleeping tasks, and channels that get the time when it has come.
//!
//! A channel does not keep its timer alive the other way round: when Lua drops the channel, its
//! timer is cancelled, so a timeout that nobody waits for any more costs nothing.

use std::cell::RefCell;
use std::ptr::NonNull;
use std::time::Duration;

use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::task::{Ticket, Wait, Wake, host_operation};
use crate::sched::TimerHandle;
use crate::value::Value;

/// Tells a channel's timer from a sleeping task in the word the scheduler gives back.
const IS_CHANNEL: u64 = 1 << 63;
/// What fits beside it of a timer's birth.
const BIRTHS: u32 = u32::MAX >> 1;

struct Entry {
    /// Valid for as long as the entry has it: [`Channel`]'s drop takes it out. None in a free entry.
    channel: Option<NonNull<Channel>>,
    /// Nanoseconds since the start of the program. In a free entry: the place of the next free one.
    due: u64,
    /// A ticker's period in nanoseconds; 0 if it is none.
    period: u64,
    handle: TimerHandle,
    /// Tells this timer from earlier ones of the same place.
    birth: u32,
}

/// The channels that wait for their time. A channel knows its place here, counted from 1.
#[derive(Default)]
pub struct Timers(RefCell<Places>);

#[derive(Default)]
struct Places {
    entries: Vec<Entry>,
    /// The first free place, counted from 1; 0 if there is none.
    free: u32,
    armed: u32,
}

impl Places {
    fn add(&mut self, entry: Entry) -> u32 {
        self.armed += 1;
        let place = self.free;
        if let Some(free) = place.checked_sub(1).and_then(|place| self.entries.get_mut(place as usize)) {
            self.free = u32::try_from(free.due).unwrap_or(0);
            *free = entry;
            return place;
        }
        if self.entries.is_empty() {
            // Most processes have one timer at a time.
            self.entries.reserve_exact(1);
        }
        self.entries.push(entry);
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    fn get(&mut self, place: u32, birth: u32) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(place.checked_sub(1)? as usize)?;
        (entry.birth == birth && entry.channel.is_some()).then_some(entry)
    }

    /// Takes the entry out; the timer it had.
    fn remove(&mut self, place: u32) -> Option<TimerHandle> {
        let entry = self.entries.get_mut(place.checked_sub(1)? as usize)?;
        entry.channel.take()?;
        let handle = entry.handle;
        entry.due = u64::from(self.free);
        self.free = place;
        self.armed -= 1;
        if self.armed == 0 {
            self.entries.clear();
            self.entries.shrink_to(1);
            self.free = 0;
        }
        Some(handle)
    }
}

/// A timer that is cancelled when this is dropped.
struct Armed {
    cx: Cx,
    handle: TimerHandle,
}

impl Drop for Armed {
    fn drop(&mut self) {
        cancel(self.cx, self.handle);
    }
}

fn arm(cx: Cx, due: u64, word: u64) -> TimerHandle {
    let state = cx.process();
    let system = state.system.as_ref();
    system.map_or(TimerHandle::NONE, |system| system.scheduler().arm(due, state.identity(), word))
}

fn cancel(cx: Cx, handle: TimerHandle) {
    if let Some(system) = &cx.process().system {
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
        let birth = cx.process().tasks.ticket_number() & BIRTHS;
        let due = later(cx, span);
        let period = period.map_or(0, |period| nanoseconds(period).max(1));
        let entry =
            Entry { channel: Some(NonNull::from(channel)), due, period, handle: TimerHandle::NONE, birth };
        let mut places = self.0.borrow_mut();
        let place = places.add(entry);
        if let Some(entry) = places.get(place, birth) {
            entry.handle = arm(cx, due, IS_CHANNEL | u64::from(birth) << 32 | u64::from(place));
        }
        channel.timer.set(place);
    }

    /// Stops the timer of a channel. True if it was still pending.
    pub fn stop(&self, cx: Cx, channel: &Channel) -> bool {
        let handle = self.0.borrow_mut().remove(channel.timer.take());
        if let Some(handle) = handle {
            cancel(cx, handle);
        }
        handle.is_some()
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
        let place = u32::try_from(word & u64::from(u32::MAX)).unwrap_or(0);
        let birth = u32::try_from(word >> 32).unwrap_or(0) & BIRTHS;
        let mut places = self.0.borrow_mut();
        let Some(entry) = places.get(place, birth) else { return };
        let Some(channel) = entry.channel else { return };
        // SAFETY: the entry has it, so the channel has not been dropped; `deliver` and `shut` run no
        // Lua code and drop no channel.
        let channel = unsafe { channel.as_ref() };
        if let Some(missed) = now(cx).saturating_sub(entry.due).checked_div(entry.period) {
            // A ticker. The phase is kept: what was missed is skipped.
            entry.due = entry.due.saturating_add(entry.period.saturating_mul(missed + 1));
            entry.handle = arm(cx, entry.due, word);
            drop(places);
            channel.deliver(crate::stdlib::time::now_value(cx));
            return;
        }
        places.remove(place);
        drop(places);
        channel.timer.set(0);
        channel.deliver(crate::stdlib::time::now_value(cx));
        channel.shut();
    }

    /// Whether any is pending.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().armed == 0
    }

    /// Cancels all: the process is ending.
    pub(crate) fn clear(&self, cx: Cx) {
        for entry in self.0.take().entries {
            if let Some(channel) = entry.channel {
                // SAFETY: as in `fire`. It may outlive this: it has no place here any more.
                unsafe { channel.as_ref() }.timer.set(0);
                cancel(cx, entry.handle);
            }
        }
    }
}
