//! The registry of names. A name belongs to one live process and leaves with it.
//!
//! One lock. A process that ends first stops being alive, then takes the lock to give its names back, if
//! its slot says that it may have any; who registers a name takes the lock, says so in the slot, then asks
//! whether the owner is alive. So a name given to a process that is ending is either given back or refused.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::sched::sync::{Mutex, lock};

/// Names of live processes, which `Id` identifies for ever; `Pid` is what a look-up gives.
pub struct Names<Id, Pid> {
    inner: Mutex<Inner<Id, Pid>>,
}

struct Inner<Id, Pid> {
    by_name: FxHashMap<String, (Id, Pid)>,
    by_owner: FxHashMap<Id, Owned>,
}

/// The names of one process: most have one.
#[derive(Default)]
struct Owned {
    few: Vec<String>,
    others: FxHashSet<String>,
    /// About what they take.
    bytes: usize,
}

/// What a name takes, about: it is kept twice.
fn size(name: &str) -> usize {
    2 * name.len() + 2 * size_of::<String>() + 64
}

/// So many names are found by looking through a list.
const FEW: usize = 8;
/// So many names are given back at a time: others want the lock too.
const BATCH: usize = 1024;

impl Owned {
    fn add(&mut self, name: &str) {
        self.bytes += size(name);
        if self.few.len() < FEW {
            self.few.push(name.to_owned());
        } else {
            self.others.insert(name.to_owned());
        }
    }

    fn remove(&mut self, name: &str) {
        self.bytes = self.bytes.saturating_sub(size(name));
        match self.few.iter().position(|own| own == name) {
            Some(place) => drop(self.few.swap_remove(place)),
            None => drop(self.others.remove(name)),
        }
    }

    fn is_empty(&self) -> bool {
        self.few.is_empty() && self.others.is_empty()
    }
}

/// Why a name was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Another process holds it.
    Taken,
    /// The owner has ended.
    Gone,
}

impl<Id: Copy + Eq + Hash, Pid: Clone> Default for Names<Id, Pid> {
    fn default() -> Self {
        Names { inner: Mutex::new(Inner { by_name: FxHashMap::default(), by_owner: FxHashMap::default() }) }
    }
}

impl<Id: Copy + Eq + Hash, Pid: Clone> Names<Id, Pid> {
    /// Gives `name` to `owner`, which may hold it already.
    ///
    /// # Errors
    /// It is taken, or the owner has ended.
    pub fn register(
        &self,
        name: &str,
        owner: Id,
        pid: Pid,
        is_alive: impl FnOnce() -> bool,
    ) -> Result<(), Refused> {
        let mut inner = lock(&self.inner);
        if let Some((holder, _)) = inner.by_name.get(name) {
            return if *holder == owner { Ok(()) } else { Err(Refused::Taken) };
        }
        if !is_alive() {
            return Err(Refused::Gone);
        }
        inner.by_owner.entry(owner).or_default().add(name);
        inner.by_name.insert(name.to_owned(), (owner, pid));
        Ok(())
    }

    pub fn lookup(&self, name: &str) -> Option<Pid> {
        lock(&self.inner).by_name.get(name).map(|(_, pid)| pid.clone())
    }

    /// True if the name was held.
    pub fn unregister(&self, name: &str) -> bool {
        let mut inner = lock(&self.inner);
        let Some((owner, _)) = inner.by_name.remove(name) else { return false };
        if let Some(names) = inner.by_owner.get_mut(&owner) {
            names.remove(name);
            if names.is_empty() {
                inner.by_owner.remove(&owner);
            }
        }
        true
    }

    /// Frees every name of a process that is no longer alive.
    pub fn release(&self, owner: Id) {
        let mut inner = lock(&self.inner);
        let Some(owned) = inner.by_owner.remove(&owner) else { return };
        let mut names = owned.few.into_iter().chain(owned.others);
        loop {
            let mut batch = names.by_ref().take(BATCH).peekable();
            if batch.peek().is_none() {
                return;
            }
            for name in batch {
                inner.by_name.remove(&name);
            }
            drop(inner);
            inner = lock(&self.inner);
        }
    }

    /// About what the names of a process take, in bytes.
    pub fn size(&self, owner: Id) -> usize {
        lock(&self.inner).by_owner.get(&owner).map_or(0, |owned| owned.bytes)
    }

    /// The names of a process.
    pub fn of(&self, owner: Id) -> Vec<String> {
        let inner = lock(&self.inner);
        let Some(owned) = inner.by_owner.get(&owner) else { return Vec::new() };
        let mut names: Vec<String> = owned.few.iter().chain(&owned.others).cloned().collect();
        names.sort_unstable();
        names
    }
}
