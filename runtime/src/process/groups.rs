//! Process groups: named sets of processes within a scope, and who is told of changes.
//!
//! Every scope is known when the program starts. One lock for each, held while subscribers are told,
//! so that all of them see the changes in the same order and a snapshot is taken at one moment.
//! Members and subscribers leave by themselves when they end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use crate::process::bus;
use crate::process::pid::Pid;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::Identity;
use crate::sched::sync::{Mutex, lock};
use crate::table::Table;
use crate::transfer::Graph;
use crate::value::Value;

/// What happened to members of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Joined,
    Left,
}

/// One subscription of a process.
struct Subscriber {
    owner: Identity,
    number: u32,
    /// `None`: every group.
    group: Option<Box<[u8]>>,
}

#[derive(Default)]
struct Members {
    /// As often as they joined, in the order they did.
    groups: BTreeMap<Box<[u8]>, Vec<Pid>>,
    subscribers: Vec<Subscriber>,
}

/// One scope.
#[derive(Default)]
pub struct Scope {
    is_running: AtomicBool,
    members: Mutex<Members>,
}

/// The scopes of an application, by entry.
pub struct Scopes(FxHashMap<&'static str, Scope>);

/// Hands an event to a subscriber: its identity, and the number of its subscription.
pub type Hand<'a> = dyn FnMut(Identity, u32, Graph) + 'a;

impl Scopes {
    pub fn new(ids: impl Iterator<Item = &'static str>) -> Scopes {
        Scopes(ids.map(|id| (id, Scope::default())).collect())
    }

    pub fn find(&self, id: &str) -> Option<&Scope> {
        self.0.get(id)
    }
}

impl Scope {
    pub fn is_running(&self) -> bool {
        self.is_running.load(Ordering::Acquire)
    }

    pub fn set_running(&self, is_running: bool) {
        self.is_running.store(is_running, Ordering::Release);
    }

    /// Adds a process to a group, once more if it is in already.
    pub fn join(&self, system: &System, group: &[u8], member: Pid, hand: &mut Hand<'_>) {
        let mut members = lock(&self.members);
        members.groups.entry(group.into()).or_default().push(member);
        members.tell(system, Change::Joined, group, &[member], hand);
    }

    /// Takes a process out of a group, once. Nothing happens if it is not in.
    pub fn leave(&self, system: &System, group: &[u8], member: Pid, hand: &mut Hand<'_>) {
        let mut members = lock(&self.members);
        let Some(own) = members.groups.get_mut(group) else { return };
        let Some(at) = own.iter().rposition(|known| known.identity == member.identity) else { return };
        own.remove(at);
        if own.is_empty() {
            members.groups.remove(group);
        }
        members.tell(system, Change::Left, group, &[member], hand);
    }

    /// A process has ended.
    pub fn forget(&self, system: &System, gone: Identity) {
        let mut members = lock(&self.members);
        members.subscribers.retain(|subscriber| subscriber.owner != gone);
        let mut changed: Vec<(Box<[u8]>, Vec<Pid>)> = Vec::new();
        members.groups.retain(|group, own| {
            let left: Vec<Pid> = own.extract_if(.., |known| known.identity == gone).collect();
            if !left.is_empty() {
                changed.push((group.clone(), left));
            }
            !own.is_empty()
        });
        for (group, left) in changed {
            members.tell(system, Change::Left, &group, &left, &mut |owner, number, payload| {
                tell(system, owner, number, payload);
            });
        }
    }

    pub fn members(&self, group: &[u8]) -> Vec<Pid> {
        lock(&self.members).groups.get(group).cloned().unwrap_or_default()
    }

    /// The groups that have members, by name.
    pub fn groups(&self) -> Vec<Box<[u8]>> {
        lock(&self.members).groups.keys().cloned().collect()
    }

    /// Subscribes to changes, of one group or of all; what there is at this moment.
    pub fn subscribe(
        &self,
        owner: Identity,
        number: u32,
        group: Option<&[u8]>,
    ) -> Vec<(Box<[u8]>, Vec<Pid>)> {
        let mut members = lock(&self.members);
        members.subscribers.push(Subscriber { owner, number, group: group.map(Into::into) });
        let wanted = |name: &[u8]| group.is_none_or(|group| group == name);
        let found = members.groups.iter().filter(|(name, _)| wanted(name));
        found.map(|(name, own)| (name.clone(), own.clone())).collect()
    }

    pub fn unsubscribe(&self, owner: Identity, number: u32) {
        lock(&self.members).subscribers.retain(|known| known.owner != owner || known.number != number);
    }
}

impl Members {
    fn tell(&self, system: &System, change: Change, group: &[u8], pids: &[Pid], hand: &mut Hand<'_>) {
        for subscriber in &self.subscribers {
            if subscriber.group.as_ref().is_none_or(|own| **own == *group) {
                hand(subscriber.owner, subscriber.number, event(system, change, group, pids));
            }
        }
    }
}

/// Sends an event of a scope to a process.
pub fn tell(system: &System, owner: Identity, number: u32, payload: Graph) {
    system.signal(owner, Signal::Message { from: None, topic: bus::topic(number), payload });
}

/// `{system = "pg", kind = "member.joined", path = GROUP, data = {Group = GROUP, PIDs = {...}}}`
fn event(system: &System, change: Change, group: &[u8], pids: &[Pid]) -> Graph {
    let kind = match change {
        Change::Joined => "member.joined",
        Change::Left => "member.left",
    };
    Graph::build(|copier| {
        let record = |fields: [(&str, Value); 4]| {
            let record = Table::in_heap(copier.heap(), 0, fields.len());
            for (name, value) in fields {
                if let Some(table) = record.as_table().filter(|_| !value.is_nil()) {
                    table.set_text(name, value);
                }
            }
            record
        };
        let list = Table::in_heap(copier.heap(), pids.len(), 0);
        crate::ops::index::append(&list, 1, pids.iter().map(|pid| system.pid_value(pid)));
        let none = || ("", Value::NIL);
        let data = record([("Group", Value::string(group)), ("PIDs", list), none(), none()]);
        let fields =
            [("system", "pg".into()), ("kind", kind.into()), ("path", Value::string(group)), ("data", data)];
        vec![record(fields)]
    })
}
