//! The end of a process, in the order others may observe: unreachable, nameless, watchers told,
//! linked processes told, memory freed.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::process::exit::{ExitError, Outcome};
use crate::process::peers::Peers;
use crate::process::pid::Pid;
use crate::process::relations::{Relations, Watcher};
use crate::process::run::Process;
use crate::process::signal::Signal;
use crate::process::state::ProcessState;
use crate::process::system::System;
use crate::sched::mailbox::Letters;
use crate::sched::slot::Letter;
use crate::sched::worker::hand_off;

/// Ends `process`: everybody else sees it gone then. What it holds is left to whoever has it.
pub fn finish(system: &Arc<System>, process: &Process, outcome: &Outcome) {
    let cx = process.cx();
    let state = cx.process();
    let pid = state.pid();
    let is_plain = state.has_nothing_rare();
    if cx.heap().is_large() {
        hand_off(system, pid.host);
    }
    if !is_plain {
        leave(system, state);
    }
    let unread = system.retire(pid);
    if !is_plain || unread.is_some() {
        late(system, state, unread);
    }
    if let Some(mut relations) = state.related() {
        if relations.size() >= MUCH {
            hand_off(system, pid.host);
        }
        tell(system, pid, &mut relations, outcome);
    }
}

/// From so many bytes on, what the system keeps for a process takes long to give up: more than a millisecond.
pub const MUCH: usize = 256 * 1024;

#[cold]
fn leave(system: &Arc<System>, state: &ProcessState) {
    if state.size_in(system) >= MUCH {
        hand_off(system, state.pid().host);
    }
    for leave in state.take_leave().into_iter().flatten() {
        leave(system);
    }
}

/// Letters that were taken out but not handled, and those that arrived after the last turn. Who asked to be
/// told in time is told like the others.
#[cold]
fn late(system: &System, state: &ProcessState, unread: Option<Letters<Letter>>) {
    let early = state.take_early().into_iter().flatten();
    for letter in early.chain(unread.into_iter().flatten()) {
        let letter = letter.content;
        if letter.to != state.identity() {
            system.undeliverable(letter);
        } else if letter.signal.relates() {
            state.relations().hear(&letter.signal);
        }
    }
}

/// Tells everybody who wants to know of the end of `own`, first those who watch.
#[inline]
fn tell(system: &System, own: Pid, relations: &mut Relations, outcome: &Outcome) {
    // The first who asked is told first.
    if relations.watchers.len() > 1 {
        relations.watchers.reverse();
    }
    while let Some(watcher) = relations.watchers.pop() {
        match watcher {
            Watcher::Process(watcher) => {
                system.signal_if_alive(watcher, || Signal::Exit { from: own, result: outcome.for_process() });
            }
            other => tell_other(other, outcome),
        }
    }
    if !relations.links.is_empty() {
        tell_linked(system, own, &relations.links, outcome);
    }
    if !relations.monitors.is_empty() {
        unwatch(system, own, &relations.monitors);
    }
}

#[inline(never)]
fn tell_other(watcher: Watcher, outcome: &Outcome) {
    match watcher {
        Watcher::Process(_) => {}
        Watcher::Caller(caller) => caller.complete(outcome.for_process()),
        Watcher::Host(tell) => tell(outcome.for_host()),
    }
}

#[inline(never)]
fn unwatch(system: &System, own: Pid, monitors: &Peers) {
    monitors.for_each(|target| {
        system.signal_if_alive(target, || Signal::Unwatch(own.identity));
    });
}

/// The error is made once, for the first who is alive.
#[inline(never)]
fn tell_linked(system: &System, own: Pid, links: &Peers, outcome: &Outcome) {
    let made = OnceCell::new();
    links.for_each(|peer| {
        system.signal_if_alive(peer, || match outcome.error() {
            None => Signal::Unlink(own.identity),
            Some(error) => {
                let error: &Arc<ExitError> = made.get_or_init(|| Arc::new(error.into_owned()));
                Signal::LinkDown { from: own, error: error.clone() }
            }
        });
    });
}
