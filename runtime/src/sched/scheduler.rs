//! The scheduler: where slots that are ready wait, and when timers are due.
//!
//! A worker adds to the queue of its own core, anybody else to the injector. Work moves between cores by
//! stealing: a worker that has nothing takes from the injector, then from a core where many slots wait, or more
//! than one if somebody has rung, as far as that was worth it before ([`Worth`]), or whatever waits if it was
//! called for help. A slot that waits alone stays, because its sender usually blocks at once: a pair that talks
//! stays on one core.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_deque::{Injector, Steal};

use crate::sched::core::{CURRENT, Core, Shard, Taken};
use crate::sched::distant::Common;
use crate::sched::idle::Idle;
use crate::sched::simulation::Simulation;
use crate::sched::spare::Spares;
use crate::sched::sync::{Mutex, lock};
use crate::sched::worth::Worth;

/// The pace is measured, and the injector looked at, after so many turns.
const MEASURED: u32 = 64;
/// A turn that lasts longer gives its core away if others wait.
pub const SLICE: Duration = Duration::from_millis(2);
/// So many slots wait before another worker is woken for them: one that comes for less costs more than it
/// brings. A process that computes meanwhile calls for help as it looks around.
pub const CROWD: usize = 16;

pub struct Scheduler {
    pub(super) injector: Injector<u32>,
    pub(super) shards: Box<[Shard]>,
    pub(super) common: Common,
    pub(super) idle: Idle,
    pub(super) spares: Spares<Core>,
    /// Cores that no thread has taken yet.
    unmanned: Mutex<Vec<Core>>,
    /// Workers that look for work without sleeping.
    pub(super) searching: AtomicU32,
    pub(super) worth: Worth,
    stopping: AtomicBool,
    pub(super) clock: Clock,
    pub(super) simulation: Option<Mutex<Simulation>>,
    /// Told in a simulation that a slot became ready.
    pub(super) on_work: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The one place that reads the clock.
pub(super) enum Clock {
    Real(Instant),
    /// Nanoseconds since the start.
    Virtual(AtomicU64),
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
            worth: Worth::default(),
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
        self.shards.iter().map(|shard| u64::from(shard.pulse.turns.load(Ordering::Relaxed))).sum()
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
                match unsafe { current.peek() }.filter(|_| is_own) {
                    // In a simulation no thread has a core.
                    None => self.push_from_outside(slot),
                    Some(core) => match core.queue.push_if_room(slot) {
                        Some(_) if current.computes.get() => self.call(),
                        Some(waiting) if waiting < CROWD => {}
                        Some(waiting) => self.offer(core, waiting),
                        None => self.push_growing(core, slot),
                    },
                }
            },
        );
    }

    #[cold]
    fn push_growing(&self, core: &Core, slot: u32) {
        let waiting = core.queue.push(slot);
        self.offer(core, waiting);
    }

    /// Many wait: whoever sleeps shall come, if that is worth it.
    #[inline(never)]
    fn offer(&self, core: &Core, waiting: usize) {
        let pace = core.pulse.pace.load(Ordering::Relaxed);
        if self.idle.is_anyone_asleep() && self.worth.is_enough(waiting, pace) {
            self.wake_one(false);
        }
    }

    /// What was added waits for a turn that takes long: whoever sleeps shall come.
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
        let turns = core.pulse.turns.load(Ordering::Relaxed).wrapping_add(1);
        core.pulse.turns.store(turns, Ordering::Relaxed);
        if turns.is_multiple_of(16)
            && let Some(next) = self.look_around(core, turns.is_multiple_of(MEASURED))
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
        if !injects {
            return None;
        }
        self.measure(core);
        self.injected(core).map(Next::Run)
    }

    /// Measures the pace of the turns since this was done last, unless the core has slept meanwhile.
    fn measure(&self, core: &mut Core) {
        let now = self.now();
        let before = std::mem::replace(&mut core.measured, now);
        if before != 0 {
            let pace = now.saturating_sub(before) / u64::from(MEASURED);
            core.pulse.pace.store(u32::try_from(pace).unwrap_or(u32::MAX), Ordering::Relaxed);
        }
        self.worth.forget(now);
    }

    /// Where the core's own queue is empty.
    #[inline(never)]
    fn look_further(&self, core: &mut Core) -> Next {
        if let Some(taken) = core.taken.take() {
            let now = self.now();
            self.worth.learn(taken.slots, now.saturating_sub(taken.at), now);
        }
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
    fn steal(&self, core: &mut Core) -> Option<u32> {
        let count = self.shards.len();
        for offset in 1..count {
            let shard = self.shards.get((core.index + offset) % count)?;
            if let Some(slot) = shard.stealer.steal_half(self.left_to(shard, core), &core.queue) {
                core.taken = Some(Taken { slots: 1 + core.queue.len() as u64, at: self.now() });
                return Some(slot);
            }
        }
        None
    }

    /// How many slots `core` leaves to another one. Where help was called for, none.
    pub(super) fn left_to(&self, other: &Shard, core: &Core) -> usize {
        if core.leaves == 0 {
            return 0;
        }
        core.leaves.max(self.worth.leaves(other.pulse.pace.load(Ordering::Relaxed)))
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
}
