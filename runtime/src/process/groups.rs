//! Process groups: named sets of processes within a scope, and who is told of changes.
//!
//! Every scope is known when the program starts. One lock for each, held while subscribers are told,
//! so that all of them see the changes in the same order and a snapshot is taken at one moment.
//! Members and subscribers leave by themselves when they end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use crate::process::bus;
use crate::process::pid::Pid;
use crate::process::roll::Roll;
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
    number: u32,
    /// `None`: every group.
    group: Option<Box<[u8]>>,
}

/// The name of a group.
type Name = Arc<[u8]>;

#[derive(Default)]
struct Members {
    /// As often as they joined, by their places in the order they did.
    groups: BTreeMap<Name, BTreeMap<u64, Pid>>,
    /// The places of each process in its groups.
    places: FxHashMap<Identity, Places>,
    next: u64,
    subscribers: Roll<Subscriber>,
}

#[derive(Default)]
struct Places {
    by_group: BTreeMap<Name, Vec<u64>>,
    count: usize,
    /// The bytes of the names of the groups.
    names: usize,
}

/// What one membership takes, about.
const MEMBERSHIP: usize = 160;

/// So many groups are left at a time: others want the lock too.
const BATCH: usize = 256;

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
        members.add(group, member);
        members.tell(system, Change::Joined, group, &[member], hand);
    }

    /// Takes a process out of a group, once. Nothing happens if it is not in.
    pub fn leave(&self, system: &System, group: &[u8], member: Pid, hand: &mut Hand<'_>) {
        let mut members = lock(&self.members);
        if members.remove(group, member.identity) {
            members.tell(system, Change::Left, group, &[member], hand);
        }
    }

    /// A process has ended. Those of its groups are told by name.
    pub fn forget(&self, system: &System, gone: Identity) {
        let mut members = lock(&self.members);
        members.subscribers.forget(gone);
        let own = members.places.remove(&gone).unwrap_or_default();
        for (count, (group, places)) in (1..).zip(own.by_group) {
            let left = members.take(&group, places);
            members.tell(system, Change::Left, &group, &left, &mut |owner, number, payload| {
                tell(system, owner, number, payload);
            });
            if count % BATCH == 0 {
                drop(members);
                members = lock(&self.members);
            }
        }
    }

    /// About what the memberships of a process take, in bytes.
    pub fn size(&self, member: Identity) -> usize {
        let members = lock(&self.members);
        members.places.get(&member).map_or(0, |own| own.count * MEMBERSHIP + own.names)
    }

    pub fn members(&self, group: &[u8]) -> Vec<Pid> {
        lock(&self.members).groups.get(group).map(in_order).unwrap_or_default()
    }

    /// The groups that have members, by name.
    pub fn groups(&self) -> Vec<Arc<[u8]>> {
        lock(&self.members).groups.keys().cloned().collect()
    }

    /// Subscribes to changes, of one group or of all; what there is at this moment.
    pub fn subscribe(
        &self,
        owner: Identity,
        number: u32,
        group: Option<&[u8]>,
    ) -> Vec<(Arc<[u8]>, Vec<Pid>)> {
        let mut members = lock(&self.members);
        members.subscribers.add(owner, number, Subscriber { number, group: group.map(Into::into) });
        match group {
            Some(group) => members
                .groups
                .get_key_value(group)
                .map(|(name, own)| (name.clone(), in_order(own)))
                .into_iter()
                .collect(),
            None => members.groups.iter().map(|(name, own)| (name.clone(), in_order(own))).collect(),
        }
    }

    pub fn unsubscribe(&self, owner: Identity, number: u32) {
        lock(&self.members).subscribers.remove(owner, number);
    }
}

/// The members of a group in the order they joined.
fn in_order(group: &BTreeMap<u64, Pid>) -> Vec<Pid> {
    group.values().copied().collect()
}

impl Members {
    fn add(&mut self, group: &[u8], member: Pid) {
        let name = match self.groups.get_key_value(group) {
            Some((name, _)) => name.clone(),
            None => group.into(),
        };
        let place = self.next;
        self.next += 1;
        self.groups.entry(name.clone()).or_default().insert(place, member);
        let own = self.places.entry(member.identity).or_default();
        own.count += 1;
        own.by_group
            .entry(name)
            .or_insert_with(|| {
                own.names += group.len();
                Vec::new()
            })
            .push(place);
    }

    /// Takes a process out of a group where it joined last. False if it is not in.
    fn remove(&mut self, group: &[u8], member: Identity) -> bool {
        let Some(own) = self.places.get_mut(&member) else { return false };
        let Some(places) = own.by_group.get_mut(group) else { return false };
        let last = places.pop();
        own.count -= 1;
        if places.is_empty() {
            own.by_group.remove(group);
            own.names -= group.len();
        }
        if own.by_group.is_empty() {
            self.places.remove(&member);
        }
        !self.take(group, last).is_empty()
    }

    /// Takes out the members at these places of a group.
    fn take(&mut self, group: &[u8], places: impl IntoIterator<Item = u64>) -> Vec<Pid> {
        let Some(members) = self.groups.get_mut(group) else { return Vec::new() };
        let taken = places.into_iter().filter_map(|place| members.remove(&place)).collect();
        if members.is_empty() {
            self.groups.remove(group);
        }
        taken
    }

    fn tell(&self, system: &System, change: Change, group: &[u8], pids: &[Pid], hand: &mut Hand<'_>) {
        for (owner, subscriber) in self.subscribers.iter() {
            if subscriber.group.as_ref().is_none_or(|own| **own == *group) {
                hand(owner, subscriber.number, event(system, change, group, pids));
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
