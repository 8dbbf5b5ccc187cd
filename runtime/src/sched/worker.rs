//! The worker loop, the hand-off of a core from a busy thread, and the loop of a simulation.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::heap::{counted, long};
use crate::process::host::HostId;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::core::{CURRENT, Core, Current, NO_TURN};
use crate::sched::near;
use crate::sched::queue::Queue;
use crate::sched::scheduler::{Next, SLICE, Scheduler};
use crate::sched::spare::Offer;
use crate::sched::stack;
use crate::sched::wheel::Due;

/// The native stack of a worker; the kernel maps what is used.
pub const STACK: usize = 256 * 1024 * 1024;
/// What of it a process may use.
pub const STACK_BUDGET: usize = 192 * 1024 * 1024;

/// Starts a thread for each core. In a simulation there are none.
///
/// # Errors
/// A thread could not be made.
pub fn start(system: &Arc<System>) -> std::io::Result<()> {
    if system.scheduler().is_simulated() {
        return Ok(());
    }
    for core in system.scheduler().take_cores() {
        man(system.clone(), Box::new(core))?;
    }
    Ok(())
}

/// Starts a thread that takes `core`.
fn man(system: Arc<System>, core: Box<Core>) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("worker".to_owned()).stack_size(STACK);
    thread.spawn(move || run(&system, core)).map(drop)
}

fn run(system: &Arc<System>, core: Box<Core>) {
    stack::begin();
    let hook = system.clone();
    long::set_hook(move || before_long_work(&hook));
    CURRENT.with(|current| {
        current.scheduler.set(std::ptr::from_ref(system.scheduler()).addr());
        current.put(core);
        while !guarded(system, || work(system, current)) {}
    });
    // What it holds shall not be dropped with the thread's variables.
    long::forget_hook();
}

/// Runs turns. False if a panic has broken one off, which has ended its process.
///
/// The guard stands around many turns and not in each, where it would be a function more for every message.
fn guarded(system: &Arc<System>, turns: impl FnOnce()) -> bool {
    match catch_unwind(AssertUnwindSafe(turns)) {
        Ok(()) => true,
        Err(panic) => {
            let turn = CURRENT.with(|current| current.turn.replace(NO_TURN));
            if turn == NO_TURN {
                resume_unwind(panic);
            }
            counted::no_alarm();
            system.break_off(turn);
            false
        }
    }
}

/// The loop of a worker.
fn work(system: &Arc<System>, current: &Current) {
    let scheduler = system.scheduler();
    loop {
        let Some(mut core) = current.take() else {
            // The core went to another thread while this one was busy.
            match scheduler.spares.wait() {
                Some(core) => current.put(core),
                None => return,
            }
            continue;
        };
        match scheduler.next(&mut core) {
            Next::Run(slot) => {
                if core.queue.len() > MANY {
                    approach(system, &core.queue);
                }
                current.put(core);
                current.looked.set(None);
                current.slice.set(None);
                current.computes.set(false);
                system.run(current, slot);
                if current.slice.get().is_some() {
                    // Only who computed for long can have recursed far; for others it would cost more than the turn.
                    stack::give_back();
                }
            }
            Next::Fire => {
                let due = std::mem::take(&mut core.due);
                current.put(core);
                fire(system, due);
            }
            Next::Sleep => {
                scheduler.rest(&mut core);
                current.put(core);
            }
            Next::Stop => return,
        }
    }
}

/// So many wait that caches may not hold what they need.
const MANY: usize = 64;
/// The turn after so many others is prepared for, and the slot of that after so many others.
const SOON: usize = 1;
const LATER: usize = 3;

/// Many processes wait: asks for the memory that their turns begin with.
#[inline(never)]
fn approach(system: &System, queue: &Queue) {
    let ahead = |others| queue.ahead(others).and_then(|slot| system.place(slot));
    if let Some(slot) = ahead(LATER) {
        near::ask(std::ptr::from_ref(slot).addr(), size_of_val(slot));
    }
    if let Some(slot) = ahead(SOON) {
        slot.approach();
    }
}

/// Tells the owners of timers that are due; the room of the list goes back to the core.
fn fire(system: &System, mut due: Vec<Due>) {
    for (owner, word) in due.drain(..) {
        system.signal(owner, Signal::Timer(word));
    }
    system.scheduler().with_core(|core| core.due = due);
}

/// How long ago the running turn last looked around, if it did. It does now.
pub fn since_last_look() -> Option<Duration> {
    let now = Instant::now();
    let before = CURRENT.with(|current| current.looked.replace(Some(now)));
    before.map(|before| now.saturating_duration_since(before))
}

/// Whether the running turn has used up a budget.
pub fn is_turn_long() -> bool {
    CURRENT.with(|current| current.slice.get().is_some())
}

/// The running process, of that host, has used up its budget, within `took`: if it has been busy for long and others
/// wait, another thread goes on with the core.
pub fn consider_hand_off(system: &Arc<System>, host: HostId, took: Duration) {
    let scheduler = system.scheduler();
    // The turn is no short one: the timers that it has armed begin to run.
    scheduler.with_core(|core| scheduler.settle(core));
    if has_been_long(scheduler, took) && is_waited_for(system, host) {
        give_away(system, host);
    }
}

/// As [`consider_hand_off`], of a process that will be busy for long, whoever waits.
pub fn hand_off(system: &Arc<System>, host: HostId) {
    let scheduler = system.scheduler();
    scheduler.with_core(|core| scheduler.settle(core));
    give_away(system, host);
}

/// A running process begins with work that it cannot break off, such as freeing very many objects.
fn before_long_work(system: &Arc<System>) {
    let turn = CURRENT.with(|current| current.turn.get());
    if let Some(slot) = system.place(turn).filter(|_| turn != NO_TURN) {
        hand_off(system, slot.host());
    }
}

/// Another thread goes on with the core, if there is one and a thread for it.
fn give_away(system: &Arc<System>, host: HostId) {
    let Some(core) = CURRENT.with(Current::take) else { return };
    let kept = match system.scheduler().spares.offer(core) {
        Offer::Taken => None,
        Offer::Refused(core) => Some(core),
        Offer::Start(core) => start_spare(system, core),
    };
    match kept {
        // The process no longer holds up the others of its host.
        None => system.leave_turn(host),
        Some(core) => CURRENT.with(|current| current.put(core)),
    }
}

/// Whether others wait for the core of the running process, or for its turn: those of a narrow host are in no queue
/// of a core.
fn is_waited_for(system: &System, host: HostId) -> bool {
    let scheduler = system.scheduler();
    match scheduler.with_core(|core| scheduler.is_waited_for(core)) {
        None => false,
        Some(is_waited_for) => is_waited_for || system.is_turn_waited_for(host),
    }
}

/// Whether the running process has been busy for long.
fn has_been_long(scheduler: &Scheduler, took: Duration) -> bool {
    let begun = CURRENT.with(|current| current.slice.get());
    if begun.is_none() {
        CURRENT.with(|current| current.slice.set(Some(Instant::now())));
        if took < SLICE {
            // The budget may have been spent in many short turns.
            return false;
        }
    }
    CURRENT.with(|current| current.computes.set(true));
    if begun.map_or(took, |begun| begun.elapsed().max(took)) < SLICE {
        scheduler.with_core(|core| scheduler.call_for_help(core));
        return false;
    }
    true
}

/// Starts a spare thread with `core`; gives it back if the system refuses.
fn start_spare(system: &Arc<System>, core: Box<Core>) -> Option<Box<Core>> {
    // The core waits where a failure leaves it in reach.
    let place = Arc::new(crate::sched::sync::Mutex::new(Some(core)));
    let (system_there, place_there) = (system.clone(), place.clone());
    let thread = std::thread::Builder::new().name("worker".to_owned()).stack_size(STACK);
    let started = thread.spawn(move || {
        let core = crate::sched::sync::lock(&place_there).take();
        if let Some(core) = core {
            run(&system_there, core);
        }
    });
    if started.is_ok() {
        return None;
    }
    system.scheduler().spares.not_started();
    crate::sched::sync::lock(&place).take()
}

/// Runs one turn in a simulated system. False if nothing is ready.
pub fn simulated_turn(system: &Arc<System>) -> bool {
    let slot = system.scheduler().simulated_slot();
    if let Some(slot) = slot {
        CURRENT.with(|current| {
            current.looked.set(None);
            current.slice.set(None);
            current.computes.set(false);
            guarded(system, || system.run(current, slot));
        });
    }
    slot.is_some()
}

/// Moves the clock of a simulated system and tells the owners of timers that are due.
pub fn simulated_time(system: &System, now: u64) {
    fire(system, system.scheduler().simulated_advance(now));
}

/// Runs a simulated system until nothing is left to do or `steps` turns are over. True if nothing is
/// left.
pub fn simulate(system: &Arc<System>, steps: usize) -> bool {
    let scheduler = system.scheduler();
    for _ in 0..steps {
        if simulated_turn(system) {
            continue;
        }
        let due = scheduler.simulated_timers();
        if due.is_empty() {
            return true;
        }
        fire(system, due);
    }
    false
}
