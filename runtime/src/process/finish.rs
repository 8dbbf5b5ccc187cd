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
use crate::sched::slot::Letter;

/// Ends `process`. It comes back, without tasks, mail and relations, for those who use it again.
pub fn finish(system: &Arc<System>, process: Process, outcome: &Outcome) -> Process {
    let state = process.cx().process();
    let pid = state.pid();
    for leave in state.take_leave().into_iter().flatten() {
        leave(system);
    }
    let unread = system.retire(pid);
    for signal in state.take_early().into_iter().flatten() {
        late_signal(state, signal);
    }
    for letter in unread.into_iter().flatten() {
        late(system, state, letter.content);
    }
    if let Some(relations) = state.take_relations() {
        tell(system, pid, relations, outcome);
    }
    process
}

/// A letter that arrived after the last turn. Who asked to be told in time is told like the others.
fn late(system: &System, state: &ProcessState, letter: Letter) {
    if letter.to != state.identity() {
        system.undeliverable(letter);
        return;
    }
    late_signal(state, letter.signal);
}

fn late_signal(state: &ProcessState, signal: Signal) {
    match signal {
        Signal::Watch(watcher) => state.relations().watchers.push(Watcher::Process(watcher)),
        Signal::Unwatch(watcher) => state.relations().unwatch(watcher),
        Signal::Link(peer) => {
            state.relations().links.insert(peer.identity);
        }
        Signal::Unlink(peer) => {
            state.relations().links.remove(peer);
        }
        _ => {}
    }
}

/// Tells everybody who wants to know of the end of `own`, first those who watch.
fn tell(system: &System, own: Pid, relations: Relations, outcome: &Outcome) {
    for watcher in relations.watchers {
        match watcher {
            Watcher::Process(watcher) => {
                system.signal_if_alive(watcher.identity, || Signal::Exit {
                    from: own,
                    result: outcome.for_process(),
                });
            }
            Watcher::Caller(caller) => caller.complete(outcome.for_process()),
            Watcher::Host(tell) => tell(outcome.for_host()),
        }
    }
    if !relations.links.is_empty() {
        tell_linked(system, own, &relations.links, outcome);
    }
    relations.monitors.for_each(|target| {
        system.signal_if_alive(target, || Signal::Unwatch(own.identity));
    });
}

/// The error is made once, for the first who is alive.
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
