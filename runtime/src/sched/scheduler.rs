//! The scheduler: where slots that are ready wait, and when timers are due.
//!
//! A worker adds to the queue of its own core, anybody else to the injector. Work moves between cores
//! by stealing: a worker that has nothing takes from the injector, then from a core where many slots wait,
//! or more than one if somebody has called for help. A slot that waits alone stays, because its sender
//! usually blocks at once: a pair that talks stays on one core.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_deque::{Injector, Steal};

use crate::sched::bell::Ring;
use crate::sched::core::{CURRENT, Core, Shard};
use crate::sched::distant::Common;
use crate::sched::idle::Idle;
use crate::sched::queue::Queue;
use crate::sched::spare::Spares;
use crate::sched::sync::{Mutex, lock};

/// A turn that lasts longer gives its core away if others wait.
pub const SLICE: Duration = Duration::from_millis(2);
/// The longest look for work before sleeping.
const MAX_SPIN: Duration = Duration::from_micros(5);
/// So many slots wait before another worker is woken for them: one that comes for less costs more than it
/// brings. A process that computes meanwhile calls for help as it looks around.
pub const CROWD: usize = 16;

pub struct Scheduler {
    injector: Injector<u32>,
    pub(super) shards: Box<[Shard]>,
    pub(super) common: Common,
    pub(super) idle: Idle,
    pub(super) spares: Spares<Core>,
    /// Cores that no thread has taken yet.
    unmanned: Mutex<Vec<Core>>,
    /// Workers that look for work without sleeping.
    searching: AtomicU32,
    stopping: AtomicBool,
    pub(super) clock: Clock,
    simulation: Option<Mutex<Simulation>>,
    /// Told in a simulation that a slot became ready.
    on_work: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The one place that reads the clock.
pub(super) enum Clock {
    Real(Instant),
    /// Nanoseconds since the start.
    Virtual(AtomicU64),
}

/// Seeded order instead of workers.
struct Simulation {
    ready: Vec<u32>,
    random: u64,
}

impl Simulation {
    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

/// What a worker does next.
pub enum Next {
    Run(u32),
    Fire,
    Sleep,
    Stop,
}

impl Scheduler {
    pub fn new(cores: usize) -> Scheduler {
        Self::with_clock(cores, Clock::Real(Instant::now()), None)
    }

    /// A scheduler on virtual time whose order follows from the seed alone.
    pub fn simulated(seed: u64) -> Scheduler {
        // Any seed but 0 keeps the generator going.
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let simulation = Simulation { ready: Vec::new(), random };
        Self::with_clock(1, Clock::Virtual(AtomicU64::new(0)), Some(Mutex::new(simulation)))
    }

    fn with_clock(cores: usize, clock: Clock, simulation: Option<Mutex<Simulation>>) -> Scheduler {
        let (unmanned, shards): (Vec<_>, Vec<_>) = (0..cores.clamp(1, 64)).map(Core::new).unzip();
        Scheduler {
            injector: Injector::new(),
            shards: shards.into(),
            common: Common::default(),
            idle: Idle::default(),
            spares: Spares::default(),
            unmanned: Mutex::new(unmanned),
            searching: AtomicU32::new(0),
            stopping: AtomicBool::new(false),
            clock,
            simulation,
            on_work: OnceLock::new(),
        }
    }

    pub(super) fn take_cores(&self) -> Vec<Core> {
        std::mem::take(&mut *lock(&self.unmanned))
    }

    pub fn is_simulated(&self) -> bool {
        self.simulation.is_some()
    }

    /// How often workers have looked for something to do: it stands still while all sleep.
    pub fn turns(&self) -> u64 {
        self.shards.iter().map(|shard| u64::from(shard.turns.load(Ordering::Relaxed))).sum()
    }

    /// How many processes may run at once.
    pub fn width(&self) -> usize {
        self.shards.len()
    }

    /// Nanoseconds since the start of the program.
    pub fn now(&self) -> u64 {
        match &self.clock {
            Clock::Real(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Clock::Virtual(now) => now.load(Ordering::Relaxed),
        }
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Works with the core of this thread, if it is a worker of ours and has one.
    #[inline(always)]
    pub(crate) fn with_core<R>(&self, work: impl FnOnce(&mut Core) -> R) -> Option<R> {
        let address = self.address();
        let taken = CURRENT.with(
            #[inline(always)]
            |current| if current.scheduler.get() == address { current.take() } else { None },
        );
        let mut core = taken?;
        let result = work(&mut core);
        CURRENT.with(
            #[inline(always)]
            |current| current.put(core),
        );
        Some(result)
    }

    /// Which core this thread holds.
    #[inline]
    pub fn core_index(&self) -> Option<usize> {
        self.with_core(|core| core.index)
    }

    /// Whether this thread still holds its core, or needs none.
    pub fn has_core(&self) -> bool {
        self.is_simulated()
            || CURRENT.with(|current| current.scheduler.get() == self.address() && current.has_core())
    }

    /// Adds a slot that is ready to run.
    #[inline(never)]
    pub fn push(&self, slot: u32) {
        CURRENT.with(
            #[inline(always)]
            |current| {
                let is_own = current.scheduler.get() == self.address();
                // SAFETY: nothing here takes the core.
                match unsafe { current.queue() }.filter(|_| is_own) {
                    // In a simulation no thread has a core.
                    None => self.push_from_outside(slot),
                    Some(queue) => match queue.push_if_room(slot) {
                        Some(waiting) if waiting < CROWD && !current.computes.get() => {}
                        Some(_) => self.call(),
                        None => self.push_growing(queue, slot),
                    },
                }
            },
        );
    }

    #[cold]
    fn push_growing(&self, queue: &Queue, slot: u32) {
        queue.push(slot);
        self.call();
    }

    /// Many wait, or what was added waits for a turn that takes long: whoever sleeps shall come.
    #[inline(never)]
    fn call(&self) {
        if self.idle.is_anyone_asleep() {
            self.wake_one(true);
        }
    }

    #[inline(never)]
    fn push_from_outside(&self, slot: u32) {
        match &self.simulation {
            None => {
                self.injector.push(slot);
                self.wake_one(false);
            }
            Some(simulation) => {
                lock(simulation).ready.push(slot);
                if let Some(tell) = self.on_work.get() {
                    tell();
                }
            }
        }
    }

    /// Wakes a worker if it sleeps.
    pub(super) fn wake_this(&self, index: usize) {
        if self.idle.pick_this(index)
            && let Some(shard) = self.shards.get(index)
        {
            shard.bell.ring(false);
        }
    }

    fn wake_one(&self, is_call: bool) {
        if let Some(shard) = self.idle.pick().and_then(|index| self.shards.get(index)) {
            shard.bell.ring(is_call);
        }
    }

    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.spares.stop();
        for shard in &self.shards {
            shard.bell.ring(false);
        }
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// What the worker with `core` does next.
    #[inline(always)]
    pub(super) fn next(&self, core: &mut Core) -> Next {
        if self.is_stopping() {
            return Next::Stop;
        }
        let turns = core.turns.load(Ordering::Relaxed).wrapping_add(1);
        core.turns.store(turns, Ordering::Relaxed);
        if turns.is_multiple_of(16)
            && let Some(next) = self.look_around(core, turns.is_multiple_of(64))
        {
            return next;
        }
        match core.queue.pop() {
            Some(slot) => Next::Run(slot),
            None => self.look_further(core),
        }
    }

    /// Timers, and from time to time the injector, come before the core's own queue.
    #[inline(never)]
    fn look_around(&self, core: &mut Core, injects: bool) -> Option<Next> {
        if self.find_due(core) {
            return Some(Next::Fire);
        }
        if injects { self.injected(core).map(Next::Run) } else { None }
    }

    /// Where the core's own queue is empty.
    #[inline(never)]
    fn look_further(&self, core: &mut Core) -> Next {
        if self.find_due(core) {
            return Next::Fire;
        }
        self.injected(core).or_else(|| self.steal(core)).map_or(Next::Sleep, Next::Run)
    }

    /// Takes from the injector: a slot for now, and some for later.
    fn injected(&self, core: &Core) -> Option<u32> {
        let first = self.inject()?;
        for _ in 0..self.injector.len().min(CROWD) / 2 {
            if let Some(slot) = self.inject() {
                core.queue.push(slot);
            }
        }
        Some(first)
    }

    fn inject(&self) -> Option<u32> {
        loop {
            match self.injector.steal() {
                Steal::Success(slot) => return Some(slot),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }

    /// Half of what another core has waiting.
    fn steal(&self, core: &Core) -> Option<u32> {
        let count = self.shards.len();
        for offset in 1..count {
            let shard = self.shards.get((core.index + offset) % count)?;
            if let Some(slot) = shard.stealer.steal_half(core.leaves, &core.queue) {
                return Some(slot);
            }
        }
        None
    }

    /// Takes what waits on a core that has been in one and the same turn since the last look.
    fn rescue(&self, core: &mut Core) -> Option<u32> {
        core.seen.resize(self.shards.len(), 0);
        for (index, (shard, seen)) in self.shards.iter().zip(&mut core.seen).enumerate() {
            let turns = shard.turns.load(Ordering::Relaxed);
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

    /// Whether anybody but the running process waits for this core.
    pub(super) fn is_waited_for(&self, core: &mut Core) -> bool {
        let timer = self.next_timer(core);
        let is_due = || timer.is_some_and(|due| due <= self.now());
        !core.queue.is_empty() || !self.injector.is_empty() || is_due()
    }

    /// The running process computes: whoever sleeps shall take what waits.
    pub(super) fn call_for_help(&self, core: &Core) {
        if !core.queue.is_empty() {
            self.call();
        }
    }

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
    /// alone is its own core's, and so are a few as long as nobody calls. Processes that talk to each other gain
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
        others.map(|(_, shard)| shard).any(|shard| shard.stealer.waiting() > core.leaves)
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

    /// In a simulation: the next slot, chosen by the seed.
    pub(super) fn simulated_slot(&self) -> Option<u32> {
        let mut simulation = lock(self.simulation.as_ref()?);
        let count = simulation.ready.len();
        if count == 0 {
            return None;
        }
        let at = usize::try_from(simulation.next() % u64::try_from(count).ok()?).ok()?;
        Some(simulation.ready.swap_remove(at))
    }

    /// In a simulation: the next random bits.
    pub fn simulated_bits(&self) -> Option<u64> {
        let mut simulation = lock(self.simulation.as_ref()?);
        // The generator's own numbers are odd now and then only by chance: mixed, they serve anybody.
        let bits = simulation.next().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some(bits ^ bits >> 32)
    }

    /// Says who is told in a simulation that a slot became ready.
    pub fn on_work(&self, tell: Box<dyn Fn() + Send + Sync>) {
        let _ = self.on_work.set(tell);
    }
}
