//! The registry of names. A name belongs to one process and leaves with it.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::process::signal::Sender;
use crate::sched::Identity;
use crate::sched::slot::lock;

/// Names of live processes (or of fictitious PIDs, which never leave by themselves).
#[derive(Default)]
pub struct Names {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_name: HashMap<String, Sender>,
    by_owner: HashMap<Identity, Vec<String>>,
}

impl Names {
    /// Gives `name` to `owner`. False if another process holds it.
    pub fn register(&self, name: &str, owner: Sender) -> bool {
        let mut inner = lock(&self.inner);
        if let Some(holder) = inner.by_name.get(name) {
            return holder.text == owner.text;
        }
        if let Some(identity) = owner.identity {
            inner.by_owner.entry(identity).or_default().push(name.to_owned());
        }
        inner.by_name.insert(name.to_owned(), owner);
        true
    }

    pub fn lookup(&self, name: &str) -> Option<Sender> {
        lock(&self.inner).by_name.get(name).cloned()
    }

    /// True if the name was held.
    pub fn unregister(&self, name: &str) -> bool {
        let mut inner = lock(&self.inner);
        let Some(holder) = inner.by_name.remove(name) else { return false };
        if let Some(names) = holder.identity.and_then(|identity| inner.by_owner.get_mut(&identity)) {
            names.retain(|own| own != name);
        }
        true
    }

    /// Frees every name of a process that ended.
    pub fn release(&self, owner: Identity) {
        let mut inner = lock(&self.inner);
        for name in inner.by_owner.remove(&owner).unwrap_or_default() {
            inner.by_name.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_by_one_and_freed_with_its_owner() {
        let names = Names::default();
        let sender =
            |number| Sender { text: format!("{{h|{number}}}"), identity: Some(Identity::new(1, number)) };
        assert!(names.register("relay", sender(1)));
        assert!(names.register("relay", sender(1)));
        assert!(!names.register("relay", sender(2)));
        names.release(Identity::new(1, 1));
        assert!(names.lookup("relay").is_none());
        assert!(names.register("relay", sender(2)));
        assert!(names.unregister("relay"));
        assert!(!names.unregister("relay"));
    }
}
