//! The end of a process, in the order others may observe: unreachable, nameless, watchers told,
//! linked processes told, memory freed.

use std::sync::Arc;

use crate::process::exit::Outcome;
use crate::process::relations::{Relations, Watcher};
use crate::process::run::Process;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::slot::Letter;

/// Ends `process`. It comes back, without tasks, mail and relations, for those who use it again.
pub fn finish(system: &Arc<System>, process: Process, outcome: &Outcome) -> Process {
    let state = process.cx().process();
    let pid = state.pid();
    for leave in state.take_leave() {
        leave(system);
    }
    let unread = system.retire(pid);
    for signal in state.if_rare(|rare| std::mem::take(&mut rare.early)).unwrap_or_default() {
        late_signal(state, signal);
    }
    for letter in unread {
        late(system, state, letter);
    }
    if let Some(relations) = state.take_relations() {
        tell(system, &process, relations, outcome);
    }
    process
}

/// A letter that arrived after the last turn. Who asked to be told in time is told like the others.
fn late(system: &System, state: &crate::process::ProcessState, letter: Letter) {
    if letter.to != state.identity() {
        system.undeliverable(letter);
        return;
    }
    late_signal(state, letter.signal);
}

fn late_signal(state: &crate::process::ProcessState, signal: Signal) {
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

fn tell(system: &System, process: &Process, relations: Relations, outcome: &Outcome) {
    let own = process.cx().process().pid();
    for watcher in relations.watchers {
        match watcher {
            Watcher::Process(watcher) => {
                system.signal(watcher.identity, Signal::Exit { from: own, result: outcome.for_process() });
            }
            Watcher::Caller(caller) => caller.complete(outcome.for_process()),
            Watcher::Host(tell) => tell(outcome.for_host()),
        }
    }
    let error = match outcome {
        Outcome::Error(error) if !relations.links.is_empty() => Some(Arc::new(error.clone())),
        Outcome::Error(_) | Outcome::Value(_) => None,
    };
    relations.links.for_each(|peer| {
        let signal = match &error {
            Some(error) => Signal::LinkDown { from: own, error: error.clone() },
            None => Signal::Unlink(own.identity),
        };
        system.signal(peer, signal);
    });
    relations.monitors.for_each(|target| {
        system.signal(target, Signal::Unwatch(own.identity));
    });
}
