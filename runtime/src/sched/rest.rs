//! How a worker that has nothing to do looks a little longer, sleeps, and what it does when it wakes.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::sched::bell::Ring;
use crate::sched::core::Core;
use crate::sched::scheduler::{CROWD, SLICE, Scheduler};

/// The longest look for work before sleeping.
const MAX_SPIN: Duration = Duration::from_micros(5);

impl Scheduler {
    /// Looks for work a little longer, then sleeps until there is some or a timer is due.
    pub(super) fn rest(&self, core: &mut Core) {
        if self.spin(core) {
            return;
        }
        self.idle.announce(core.index);
        let next = self.next_timer(core);
        let has_work = !self.injector.is_empty() || self.is_stopping() || self.can_steal(core);
        let until = next.map(|due| Duration::from_nanos(due.saturating_sub(self.now())));
        if has_work || until.is_some_and(|span| span.is_zero()) {
            if !self.idle.retract(core.index) {
                // Somebody chose this worker: the bell rings, and the next sleep must not hear it.
                self.listen(core, None);
            }
            return;
        }
        let slept = Instant::now();
        // While others are busy, one of them may be stuck with work that waits.
        let patience = if self.is_alone(core) { until } else { Some(until.unwrap_or(SLICE).min(SLICE)) };
        let ring = self.listen(core, patience.map(|span| slept + span));
        self.idle.retract(core.index);
        core.measured = 0;
        if patience != until
            && let Some(slot) = self.rescue(core)
        {
            core.queue.push(slot);
        }
        // What comes soon after going to sleep is worth waiting for awake. (Waking takes longer than that.)
        let span = ring.map_or_else(|| slept.elapsed(), |ring| ring.time.saturating_duration_since(slept));
        let was_short = span < MAX_SPIN * 2;
        core.spin = if was_short { (core.spin * 2 + MAX_SPIN / 16).min(MAX_SPIN) } else { core.spin / 2 };
    }

    /// Sleeps until the core's bell rings, and learns from the ring what to leave to others: one that waits
    /// alone is its own core's, and so are a few as long as nobody rings. Processes that talk to each other gain
    /// nothing from a second thread.
    fn listen(&self, core: &mut Core, until: Option<Instant>) -> Option<Ring> {
        let ring = self.shards.get(core.index)?.bell.wait(until);
        core.leaves = match ring {
            None => CROWD - 1,
            Some(ring) => usize::from(!ring.is_call),
        };
        ring
    }

    fn can_steal(&self, core: &Core) -> bool {
        let others = self.shards.iter().enumerate().filter(|(index, _)| *index != core.index);
        others.map(|(_, shard)| shard).any(|shard| shard.stealer.waiting() > self.left_to(shard, core))
    }

    /// One worker at a time looks for work without sleeping, for a while. True if there is some.
    fn spin(&self, core: &Core) -> bool {
        if core.spin.is_zero() || self.searching.fetch_add(1, Ordering::AcqRel) > 0 {
            if !core.spin.is_zero() {
                self.searching.fetch_sub(1, Ordering::AcqRel);
            }
            return false;
        }
        let until = Instant::now() + core.spin;
        let mut found = false;
        while !found && Instant::now() < until {
            for _ in 0..32 {
                std::hint::spin_loop();
            }
            found = !self.injector.is_empty() || self.can_steal(core);
        }
        self.searching.fetch_sub(1, Ordering::AcqRel);
        found
    }

    /// Takes what waits on a core that has been in one and the same turn since the last look.
    fn rescue(&self, core: &mut Core) -> Option<u32> {
        core.seen.resize(self.shards.len(), 0);
        for (index, (shard, seen)) in self.shards.iter().zip(&mut core.seen).enumerate() {
            let turns = shard.pulse.turns.load(Ordering::Relaxed);
            let is_stuck = std::mem::replace(seen, turns) == turns && turns != 0;
            if index != core.index
                && is_stuck
                && let Some(slot) = shard.stealer.steal_half(0, &core.queue)
            {
                return Some(slot);
            }
        }
        None
    }

    /// Whether every other core sleeps.
    fn is_alone(&self, core: &Core) -> bool {
        let all = u64::MAX >> (64 - self.shards.len().clamp(1, 64));
        self.idle.asleep() | 1 << core.index == all
    }
}
