//! Cores: what makes a thread a worker. A core is a run queue and its place among the others; the
//! thread that holds it runs processes and fires timers.

use std::cell::Cell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use crate::process::target::Targets;
use crate::sched::bell::Bell;
use crate::sched::distant::Cancelled;
use crate::sched::queue::{Queue, Stealer};
use crate::sched::scheduler::CROWD;
use crate::sched::wheel::{Due, Wheel};

/// The part of a core that its thread owns.
pub struct Core {
    pub index: usize,
    /// Slots to run, oldest first.
    pub queue: Queue,
    /// The timers that were armed here.
    pub wheel: Wheel,
    pub pulse: Arc<Pulse>,
    /// When the pace was last measured, in nanoseconds since the start; 0 after a sleep.
    pub measured: u64,
    /// What was taken from another core and when, until the queue is empty again.
    pub taken: Option<Taken>,
    /// How many slots it leaves to a core it takes from: so many that it only takes from a crowd, unless somebody
    /// has rung since the last sleep; none if a worker called for help.
    pub leaves: usize,
    /// How long to look for work before sleeping; adapts.
    pub spin: Duration,
    /// Slots that have no tenant, the one that was left last at the end.
    pub vacant: Vec<u32>,
    /// What spawns on this core asked for before.
    pub targets: Targets,
    /// Room for timers that are due.
    pub due: Vec<Due>,
    /// What the others' counts of turns were at the last look.
    pub seen: Vec<u32>,
}

/// The part of a core that other threads see.
pub struct Shard {
    pub stealer: Stealer,
    pub bell: Bell,
    /// Timers of the core's wheel that others have cancelled.
    pub cancelled: Cancelled,
    pub pulse: Arc<Pulse>,
}

/// What others may know of a core's turns.
#[derive(Default)]
pub struct Pulse {
    /// How many there were, for what is done now and then: who sees it stand still may take what waits.
    pub turns: AtomicU32,
    /// How many nanoseconds each of the last ones took.
    pub pace: AtomicU32,
}

/// So many slots were taken from another core.
#[derive(Clone, Copy)]
pub struct Taken {
    pub slots: u64,
    /// In nanoseconds since the start.
    pub at: u64,
}

impl Core {
    pub fn new(index: usize) -> (Core, Shard) {
        let (queue, pulse) = (Queue::default(), Arc::<Pulse>::default());
        let shard = Shard {
            stealer: queue.stealer(),
            bell: Bell::default(),
            cancelled: Cancelled::default(),
            pulse: pulse.clone(),
        };
        let core = Core {
            index,
            queue,
            wheel: Wheel::default(),
            pulse,
            measured: 0,
            taken: None,
            leaves: CROWD - 1,
            spin: Duration::ZERO,
            vacant: Vec::new(),
            targets: Targets::default(),
            due: Vec::new(),
            seen: Vec::new(),
        };
        (core, shard)
    }
}

/// What this thread works for, if it is a worker. Nothing in it needs to be dropped, so that nobody has to ask
/// first whether it was.
pub struct Current {
    /// The scheduler, by address.
    pub scheduler: Cell<usize>,
    /// The core, of a box; null while a spare thread has it, or somebody on this one.
    core: Cell<*mut Core>,
    /// When the running turn last looked around.
    pub looked: Cell<Option<Instant>>,
    /// When the running turn first ran out of its budget.
    pub slice: Cell<Option<Instant>>,
    /// The running turn has used up two budgets: it computes. (One may have been spent in many short turns.)
    pub computes: Cell<bool>,
    /// The slot whose turn runs, or [`NO_TURN`].
    pub turn: Cell<u32>,
}

/// No slot.
pub const NO_TURN: u32 = u32::MAX;

thread_local! {
    pub static CURRENT: Current = const {
        Current {
            scheduler: Cell::new(0),
            core: Cell::new(ptr::null_mut()),
            looked: Cell::new(None),
            slice: Cell::new(None),
            computes: Cell::new(false),
            turn: Cell::new(NO_TURN),
        }
    };
}

impl Current {
    #[inline(always)]
    pub fn take(&self) -> Option<Box<Core>> {
        let core = self.core.replace(ptr::null_mut());
        // SAFETY: not null, so it came from a box in `put`, and nobody else has it.
        (!core.is_null()).then(|| unsafe { Box::from_raw(core) })
    }

    /// Puts a core in, where there is none.
    #[inline(always)]
    pub fn put(&self, core: Box<Core>) {
        debug_assert!(self.core.get().is_null());
        self.core.set(Box::into_raw(core));
    }

    /// Whether there is a core.
    #[inline(always)]
    pub fn has_core(&self) -> bool {
        !self.core.get().is_null()
    }

    /// The core, if there is one.
    ///
    /// # Safety
    /// The core stays while it is looked at: that does not come back here.
    #[inline(always)]
    pub unsafe fn peek(&self) -> Option<&Core> {
        // SAFETY: null, or of a box that only this thread reaches; it stays by contract.
        unsafe { self.core.get().as_ref() }
    }
}
