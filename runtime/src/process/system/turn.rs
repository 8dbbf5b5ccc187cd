//! The turns of processes: what a worker does with a slot that is ready.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::System;
use crate::process::exit::Outcome;
use crate::process::finish::finish;
use crate::process::host::{HostId, HostKind};
use crate::process::run::{self, Ended, Process};
use crate::process::upgrade::upgrade;
use crate::sched::Slot;
use crate::sched::core::{Current, NO_TURN};
use crate::sched::mailbox::{After, Letters};
use crate::sched::slot::{Letter, Turn};

impl System {
    /// One turn of the process that lives in this slot: signals first, then its tasks.
    #[inline(always)]
    pub(crate) fn run(self: &Arc<Self>, current: &Current, place: u32) {
        let Some(slot) = self.place(place) else { return };
        if slot.is_narrow() {
            self.run_narrow(current, slot, place);
        } else {
            self.take_turn(current, slot, place);
        }
    }

    /// As [`System::run`], on a narrow host.
    #[inline(never)]
    fn run_narrow(self: &Arc<Self>, current: &Current, slot: &Slot, place: u32) {
        let host = slot.host();
        if self.host(host).is_none_or(|host| host.turns().enter(place)) {
            self.take_turn(current, slot, place);
            self.end_turn(host);
        }
    }

    /// The turn of a process of a narrow host has ended. After a hand-off it was given back already.
    fn end_turn(&self, host: HostId) {
        if self.scheduler.has_core() {
            self.leave_turn(host);
        }
    }

    /// Lets the next process of a narrow host run.
    pub(crate) fn leave_turn(&self, host: HostId) {
        let host = self.host(host).filter(|_| host.is_narrow());
        if let Some(next) = host.and_then(|host| host.turns().leave()) {
            self.scheduler.push(next);
        }
    }

    /// Whether another process of a narrow host waits until one of those that run leaves its turn.
    pub(crate) fn is_turn_waited_for(&self, host: HostId) -> bool {
        host.is_narrow() && self.host(host).is_some_and(|host| host.turns().are_waited_for())
    }

    #[inline(never)]
    fn take_turn(self: &Arc<Self>, current: &Current, slot: &Slot, place: u32) {
        let Some((mut turn, letters)) = slot.begin() else { return };
        let Some(process) = turn.process() else { return };
        current.turn.set(place);
        let ended = if self.is_timed.load(Ordering::Relaxed) {
            self.timed_turn(slot, process, letters)
        } else {
            run::turn(self, slot, process, letters)
        };
        current.turn.set(NO_TURN);
        if matches!(ended, Ended::No) {
            if turn.end() == After::Again {
                self.scheduler.push(place);
            }
            return;
        }
        self.go_on(slot, place, turn, ended);
    }

    #[inline(never)]
    fn timed_turn(&self, slot: &Slot, process: &mut Process, letters: Letters<Letter>) -> Ended {
        let begun = std::time::Instant::now();
        process.cx().process().rare().turn_begun = Some(begun);
        let ended = run::turn(self, slot, process, letters);
        let mut rare = process.cx().process().rare();
        rare.turn_begun = None;
        rare.run_time = Some(rare.run_time.unwrap_or_default() + begun.elapsed());
        ended
    }

    /// The turn in this slot was broken off by a panic, which is a bug of ours and ends its process alone.
    #[cold]
    pub(crate) fn break_off(self: &Arc<Self>, place: u32) {
        let Some(slot) = self.place(place) else { return };
        let host = slot.host();
        // SAFETY: this thread has caught the panic of the turn.
        let turn = unsafe { slot.resume() };
        let outcome = Outcome::failed("internal error: the runtime panicked");
        self.go_on(slot, place, turn, Ended::Yes(Box::new(outcome)));
        if host.is_narrow() {
            self.end_turn(host);
        }
    }

    /// After a turn that was not merely over.
    #[inline(never)]
    fn go_on(self: &Arc<Self>, slot: &Slot, place: u32, mut turn: Turn<'_>, ended: Ended) {
        let outcome = match ended {
            Ended::No => return,
            Ended::Again => {
                turn.again();
                self.scheduler.push(place);
                return;
            }
            Ended::Upgrade(request) => {
                let Some(process) = turn.process() else { return };
                match upgrade(self, process, *request) {
                    Ok(()) => {
                        slot.set_entry(process.cx().process().entry);
                        turn.again();
                        self.scheduler.push(place);
                        return;
                    }
                    Err(outcome) => Box::new(outcome),
                }
            }
            Ended::Yes(outcome) => outcome,
        };
        if let Some(process) = turn.evict() {
            self.tenant_ended(process, &outcome);
        }
    }

    /// A process has left its slot.
    fn tenant_ended(self: &Arc<Self>, process: Process, outcome: &Outcome) {
        let pid = process.cx().process().pid();
        finish(self, &process, outcome);
        self.release(pid.identity);
        if self.host(pid.host).is_some_and(|host| host.kind == HostKind::Function) {
            self.call_ended(pid.host, process, outcome);
        } else {
            process.context.bury();
        }
    }
}
