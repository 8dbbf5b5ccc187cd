//! The timers of one process: sleeping tasks, and channels that get the time when it has come.
//!
//! A channel does not keep its timer alive the other way round: when Lua drops the channel, its
//! timer is cancelled, so a timeout that nobody waits for any more costs nothing.

use std::cell::Cell;
use std::num::NonZero;
use std::ptr::NonNull;
use std::time::Duration;

use thin_vec::ThinVec;

use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::held::Place;
use crate::process::task::{Ticket, Wait, Wake, host_operation};
use crate::sched::TimerHandle;
use crate::sched::wheel::Key;
use crate::value::Value;

/// Tells a channel's timer from a sleeping task in the word the scheduler gives back.
const IS_CHANNEL: u64 = 1 << 63;
/// What fits beside it of a timer's birth.
const BIRTHS: u32 = u32::MAX >> 1;

struct Entry {
    /// Valid for as long as the entry has it: [`Channel`]'s drop takes it out. None in a free entry.
    channel: Option<NonNull<Channel>>,
    /// The timer in the scheduler: its parts, as they leave no gap.
    key: Key,
    wheel: u32,
    /// Tells this timer from earlier ones of the same place. In a free entry: the place of the next
    /// free one.
    birth: u32,
    /// When it is due and every how many nanoseconds, if again and again.
    ticker: Option<Box<(u64, NonZero<u64>)>>,
}

impl Entry {
    #[inline(always)]
    fn new(channel: Option<NonNull<Channel>>, handle: TimerHandle, birth: u32) -> Entry {
        let (wheel, key) = handle.parts();
        Entry { channel, key, wheel, birth, ticker: None }
    }

    #[inline(always)]
    fn handle(&self) -> TimerHandle {
        TimerHandle::of((self.wheel, self.key))
    }
}

/// The channels that wait for their time. A channel knows its place here, counted from 1.
pub struct Timers {
    entries: Place<ThinVec<Entry>>,
    /// The first free place, counted from 1; 0 if there is none.
    free: Cell<u32>,
    armed: Cell<u32>,
}

impl Timers {
    pub(crate) const fn new() -> Timers {
        Timers { entries: Place::new(ThinVec::new()), free: Cell::new(0), armed: Cell::new(0) }
    }

    /// Whether no timer of a channel was ever armed.
    #[inline]
    pub(crate) fn is_untouched(&mut self) -> bool {
        self.entries.get_mut().capacity() == 0
    }

    /// Works on the entries; nothing inside `work` comes back to them.
    #[inline(always)]
    fn with<R>(&self, work: impl FnOnce(&mut ThinVec<Entry>) -> R) -> R {
        // SAFETY: what this file hands in looks at entries and speaks to the scheduler, which tells the
        // owners of timers nothing at once.
        unsafe { self.entries.with(work) }
    }

    /// The bytes it takes beside itself.
    pub(crate) fn size(&self) -> usize {
        self.with(|entries| entries.capacity() * size_of::<Entry>())
    }

    /// Works on the entry of a place, if there is one.
    #[inline]
    fn at<R>(&self, place: u32, work: impl FnOnce(&mut Entry) -> R) -> Option<R> {
        let index = place.checked_sub(1)? as usize;
        self.with(|entries| entries.get_mut(index).map(work))
    }

    /// A place for one more entry.
    #[inline(always)]
    fn take_place(&self) -> u32 {
        self.armed.set(self.armed.get() + 1);
        let free = self.free.get();
        match self.at(free, |vacant| vacant.birth) {
            Some(next) => {
                self.free.set(next);
                free
            }
            None => self.grow(),
        }
    }

    #[cold]
    fn grow(&self) -> u32 {
        self.with(|entries| {
            if entries.is_empty() {
                // Most processes have one timer at a time.
                entries.reserve_exact(1);
            }
            entries.push(Entry::new(None, TimerHandle::NONE, 0));
            u32::try_from(entries.len()).unwrap_or(u32::MAX)
        })
    }

    /// Puts an entry into the place that was taken for it.
    #[inline(always)]
    fn put(&self, place: u32, entry: Entry) {
        // A vacant entry owns nothing.
        self.at(place, |vacant| std::mem::forget(std::mem::replace(vacant, entry)));
    }

    /// Takes the entry out; the timer it had.
    #[inline]
    fn remove(&self, place: u32) -> Option<TimerHandle> {
        let handle = self.at(place, |entry| {
            entry.channel.take()?;
            entry.ticker = None;
            entry.birth = self.free.replace(place);
            Some(entry.handle())
        })??;
        self.armed.set(self.armed.get() - 1);
        if self.armed.get() == 0 && self.with(|entries| entries.len() > 1) {
            // Nothing is armed: the room of many timers is given back.
            self.free.set(0);
            self.entries.clear();
        }
        Some(handle)
    }
}

/// What the scheduler is to say of a channel's timer.
fn word(birth: u32, place: u32) -> u64 {
    IS_CHANNEL | u64::from(birth) << 32 | u64::from(place)
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

/// Says that `word` is to come at `due`.
fn arm(cx: Cx, due: u64, word: u64) -> TimerHandle {
    let state = cx.process();
    let system = state.system.as_ref();
    system.map_or(TimerHandle::NONE, |system| system.scheduler().arm(due, state.identity(), word))
}

/// Says that `word` is to come in `span` nanoseconds.
#[inline(always)]
fn arm_in(cx: Cx, span: u64, word: u64) -> TimerHandle {
    let state = cx.process();
    match &state.system {
        Some(system) => system.scheduler().arm_in(span, state.identity(), word),
        None => TimerHandle::NONE,
    }
}

#[inline(always)]
fn cancel(cx: Cx, handle: TimerHandle) {
    if let Some(system) = &cx.process().system {
        system.scheduler().cancel(handle);
    }
}

fn now(cx: Cx) -> u64 {
    cx.process().system.as_ref().map_or(0, |system| system.scheduler().now())
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
    let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    let _armed = Armed { cx, handle: arm_in(cx, span, ticket.bits()) };
    Wait::new(cx, ticket).await;
    Ok(())
}

impl Timers {
    /// Lets `channel` get the time in `span` nanoseconds.
    #[inline(always)]
    pub fn start(&self, cx: Cx, channel: &Value, span: u64) {
        let Some(channel) = channel.downcast::<Channel>() else { return };
        let birth = cx.process().tasks.ticket_number() & BIRTHS;
        let place = self.take_place();
        let handle = arm_in(cx, span, word(birth, place));
        self.put(place, Entry::new(Some(NonNull::from(channel)), handle, birth));
        channel.timer.set(place);
    }

    /// Lets `channel` get the time every `period` nanoseconds.
    pub fn start_ticker(&self, cx: Cx, channel: &Value, period: u64) {
        let Some(channel) = channel.downcast::<Channel>() else { return };
        let birth = cx.process().tasks.ticket_number() & BIRTHS;
        // The phase of a ticker is that of the clock.
        let due = now(cx).saturating_add(period);
        let place = self.take_place();
        let handle = arm(cx, due, word(birth, place));
        let period = NonZero::new(period).unwrap_or(NonZero::<u64>::MIN);
        let ticker = Some(Box::new((due, period)));
        self.put(place, Entry { ticker, ..Entry::new(Some(NonNull::from(channel)), handle, birth) });
        channel.timer.set(place);
    }

    /// Stops the timer of a channel. True if it was still pending.
    pub fn stop(&self, cx: Cx, channel: &Channel) -> bool {
        let handle = self.remove(channel.timer.take());
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
        let fired = self.at(place, |entry| {
            let channel = entry.channel.filter(|_| entry.birth == birth)?;
            let due = entry.ticker.as_mut().map(|ticker| {
                // The phase is kept: what was missed is skipped.
                let (due, period) = (ticker.0, ticker.1.get());
                let missed = now(cx).saturating_sub(due) / period;
                ticker.0 = due.saturating_add(period.saturating_mul(missed + 1));
                ticker.0
            });
            Some((channel, due))
        });
        let Some((channel, again)) = fired.flatten() else { return };
        // SAFETY: the entry has it, so the channel has not been dropped; nothing below runs Lua code or
        // drops a channel.
        let channel = unsafe { channel.as_ref() };
        if let Some(due) = again {
            let handle = arm(cx, due, word);
            self.at(place, |entry| (entry.wheel, entry.key) = handle.parts());
            channel.deliver(crate::stdlib::time::now_value(cx));
            return;
        }
        self.remove(place);
        channel.timer.set(0);
        channel.deliver(crate::stdlib::time::now_value(cx));
        channel.shut();
    }

    /// Whether any is pending.
    pub fn is_empty(&self) -> bool {
        self.armed.get() == 0
    }

    /// Cancels all: the process is ending.
    pub(crate) fn clear(&self, cx: Cx) {
        self.free.set(0);
        self.armed.set(0);
        for entry in self.entries.replace(ThinVec::new()) {
            if let Some(channel) = entry.channel {
                // SAFETY: as in `fire`. It may outlive this: it has no place here any more.
                unsafe { channel.as_ref() }.timer.set(0);
                cancel(cx, entry.handle());
            }
        }
    }
}
