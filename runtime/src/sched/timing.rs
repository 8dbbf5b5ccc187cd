//! When a scheduler's timers are due, and who looks after them.
//!
//! A worker's timers are in the wheel of its core, which nobody else touches. Those of a thread without
//! a core are in the [common wheel](super::distant), as are all in a simulation.

use std::sync::atomic::Ordering;

use crate::sched::Identity;
use crate::sched::core::Core;
use crate::sched::scheduler::{Clock, Scheduler};
use crate::sched::wheel::{Due, Key};

/// So many cancelled timers are worth waking the core that has them.
const CANCELLED: usize = 1024;

/// Names an armed timer.
#[derive(Clone, Copy, Debug)]
pub struct TimerHandle {
    /// Whose wheel has it: a core, or [`COMMON`].
    place: u32,
    key: Key,
}

/// The place of a timer in the common wheel.
const COMMON: u32 = u32::MAX;

impl TimerHandle {
    /// Names no timer.
    pub const NONE: TimerHandle = TimerHandle { place: COMMON, key: Key::NONE };

    /// Its parts, for those who keep other small things beside the first.
    #[inline(always)]
    pub(crate) fn parts(self) -> (u32, Key) {
        (self.place, self.key)
    }

    #[inline(always)]
    pub(crate) fn of((place, key): (u32, Key)) -> TimerHandle {
        TimerHandle { place, key }
    }
}

impl Core {
    /// Names a timer of this core's wheel.
    #[inline]
    fn handle(&self, key: Key) -> TimerHandle {
        TimerHandle { place: u32::try_from(self.index).unwrap_or(COMMON), key }
    }
}

impl Scheduler {
    /// Tells `owner` the word at `due`, in nanoseconds since the start.
    pub fn arm(&self, due: u64, owner: Identity, word: u64) -> TimerHandle {
        let own = self.with_core(|core| {
            let key = core.wheel.arm(due, owner, word);
            core.handle(key)
        });
        own.unwrap_or_else(|| self.arm_common(due, owner, word))
    }

    /// Tells `owner` the word in `span` nanoseconds. They are counted from when this thread next looks at
    /// the clock, which it does every few turns: most timers are cancelled before.
    #[inline(always)]
    pub fn arm_in(&self, span: u64, owner: Identity, word: u64) -> TimerHandle {
        let own = self.with_core(|core| {
            let key = core.wheel.arm_in(span, owner, word);
            core.handle(key)
        });
        own.unwrap_or_else(|| self.arm_common(self.now().saturating_add(span), owner, word))
    }

    #[cold]
    fn arm_common(&self, due: u64, owner: Identity, word: u64) -> TimerHandle {
        let key = self.common.arm(due, owner, word);
        // The sleeper does not know of this timer yet.
        self.wake_this(0);
        TimerHandle { place: COMMON, key }
    }

    /// Forgets a timer.
    #[inline(always)]
    pub fn cancel(&self, handle: TimerHandle) {
        let is_own = self.with_core(|core| {
            let is_own = core.index == handle.place as usize;
            if is_own {
                core.wheel.cancel(handle.key);
            }
            is_own
        });
        if is_own != Some(true) {
            self.cancel_there(handle);
        }
    }

    #[cold]
    fn cancel_there(&self, handle: TimerHandle) {
        if handle.place == COMMON {
            return self.common.cancel(handle.key);
        }
        let Some(shard) = self.shards.get(handle.place as usize) else { return };
        if shard.cancelled.add(handle.key).is_multiple_of(CANCELLED) {
            self.wake_this(handle.place as usize);
        }
    }

    /// Whether timers are due: they are listed in the core then.
    pub(super) fn find_due(&self, core: &mut Core) -> bool {
        if let Some(shard) = self.shards.get(core.index) {
            for key in shard.cancelled.take() {
                core.wheel.cancel(key);
            }
        }
        let common = self.common.next().filter(|_| core.index == 0);
        if !core.wheel.is_empty() || common.is_some() {
            let now = self.now();
            core.wheel.advance(now, &mut core.due);
            if common.is_some_and(|due| due <= now) {
                self.common.advance(now, &mut core.due);
            }
        }
        !core.due.is_empty()
    }

    /// When a timer must be looked at next by the thread with `core`, which settles those armed since it
    /// last looked at the clock.
    pub(super) fn next_timer(&self, core: &mut Core) -> Option<u64> {
        self.settle(core);
        let common = self.common.next().filter(|_| core.index == 0);
        core.wheel.next().into_iter().chain(common).min()
    }

    /// From now on runs the time of timers armed since this thread last looked at the clock.
    pub(super) fn settle(&self, core: &mut Core) {
        if core.wheel.is_unsettled() {
            core.wheel.settle(self.now());
        }
    }

    /// In a simulation: when the next timer is due, or has to be looked at.
    pub fn simulated_next(&self) -> Option<u64> {
        self.common.next()
    }

    /// In a simulation: moves the clock. The timers that are due then.
    pub(super) fn simulated_advance(&self, now: u64) -> Vec<Due> {
        let mut due = Vec::new();
        if let Clock::Virtual(clock) = &self.clock {
            clock.fetch_max(now, Ordering::Relaxed);
            self.common.advance(now, &mut due);
        }
        due
    }

    /// In a simulation: moves the clock to the next timer. The timers that are due then.
    pub(super) fn simulated_timers(&self) -> Vec<Due> {
        let mut due = Vec::new();
        if let Clock::Virtual(clock) = &self.clock {
            while let Some(next) = self.common.next().filter(|_| due.is_empty()) {
                clock.fetch_max(next, Ordering::Relaxed);
                self.common.advance(next, &mut due);
            }
        }
        due
    }
}
