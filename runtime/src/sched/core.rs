//! Cores: what makes a thread a worker. A core is a run queue and its place among the others; the
//! thread that holds it runs processes and fires timers.

use std::cell::Cell;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use crate::process::target::Targets;
use crate::sched::bell::Bell;
use crate::sched::distant::Cancelled;
use crate::sched::queue::{Queue, Stealer};
use crate::sched::wheel::{Due, Wheel};

/// The part of a core that its thread owns.
pub struct Core {
    pub index: usize,
    /// Slots to run, oldest first.
    pub queue: Queue,
    /// The timers that were armed here.
    pub wheel: Wheel,
    /// Counts turns, for what is done now and then.
    pub turns: u32,
    /// Somebody has called for help since the last sleep: this core takes work where two slots wait, not only
    /// where there is a crowd.
    pub helps: bool,
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
    /// The owner's count of turns: who sees it stand still may take what waits.
    pub turns: AtomicU32,
}

impl Core {
    pub fn new(index: usize) -> (Core, Shard) {
        let queue = Queue::default();
        let shard = Shard {
            stealer: queue.stealer(),
            bell: Bell::default(),
            cancelled: Cancelled::default(),
            turns: AtomicU32::new(0),
        };
        let core = Core {
            index,
            queue,
            wheel: Wheel::default(),
            turns: 0,
            helps: false,
            spin: Duration::ZERO,
            vacant: Vec::new(),
            targets: Targets::default(),
            due: Vec::new(),
            seen: Vec::new(),
        };
        (core, shard)
    }
}

/// What this thread works for, if it is a worker.
pub struct Current {
    /// The scheduler, by address.
    pub scheduler: Cell<usize>,
    /// The core; away while a spare thread has it.
    pub core: Cell<Option<Box<Core>>>,
    /// When the running turn first ran out of its budget.
    pub slice: Cell<Option<Instant>>,
}

thread_local! {
    pub static CURRENT: Current = const {
        Current { scheduler: Cell::new(0), core: Cell::new(None), slice: Cell::new(None) }
    };
}
