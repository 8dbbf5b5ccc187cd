//! The registry of names. A name belongs to one live process and leaves with it.
//!
//! One lock. A process that ends first stops being alive, then takes the lock to give its names back, if
//! its slot says that it may have any; who registers a name takes the lock, says so in the slot, then asks
//! whether the owner is alive. So a name given to a process that is ending is either given back or refused.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::sched::sync::{Mutex, lock};

/// Names of live processes, which `Id` identifies for ever; `Pid` is what a look-up gives.
pub struct Names<Id, Pid> {
    inner: Mutex<Inner<Id, Pid>>,
}

struct Inner<Id, Pid> {
    by_name: FxHashMap<String, (Id, Pid)>,
    by_owner: FxHashMap<Id, Vec<String>>,
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
        inner.by_owner.entry(owner).or_default().push(name.to_owned());
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
            names.retain(|own| own != name);
            if names.is_empty() {
                inner.by_owner.remove(&owner);
            }
        }
        true
    }

    /// Frees every name of a process that is no longer alive.
    pub fn release(&self, owner: Id) {
        let mut inner = lock(&self.inner);
        if inner.by_owner.is_empty() {
            return;
        }
        for name in inner.by_owner.remove(&owner).unwrap_or_default() {
            inner.by_name.remove(&name);
        }
    }

    /// The names of a process.
    pub fn of(&self, owner: Id) -> Vec<String> {
        lock(&self.inner).by_owner.get(&owner).cloned().unwrap_or_default()
    }
}
