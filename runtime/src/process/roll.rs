//! What processes have entered into a list of the system, in the order they did. A process that ends takes its own
//! entries with it, without a look at those of others.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::sched::Identity;

/// Entries, each of one process, and found by its owner and a number of the owner's.
pub struct Roll<T> {
    /// By their places in the order.
    entries: BTreeMap<u64, (Identity, T)>,
    places: FxHashMap<Identity, FxHashMap<u32, u64>>,
    next: u64,
}

impl<T> Default for Roll<T> {
    fn default() -> Roll<T> {
        Roll { entries: BTreeMap::new(), places: FxHashMap::default(), next: 0 }
    }
}

impl<T> Roll<T> {
    /// Adds an entry at the end. The owner gives each of its numbers once.
    pub fn add(&mut self, owner: Identity, number: u32, entry: T) {
        self.places.entry(owner).or_default().insert(number, self.next);
        self.entries.insert(self.next, (owner, entry));
        self.next += 1;
    }

    /// Takes an entry out, if it is there.
    pub fn remove(&mut self, owner: Identity, number: u32) {
        let Some(own) = self.places.get_mut(&owner) else { return };
        if let Some(place) = own.remove(&number) {
            self.entries.remove(&place);
        }
        if own.is_empty() {
            self.places.remove(&owner);
        }
    }

    /// Takes out all entries of a process.
    pub fn forget(&mut self, owner: Identity) {
        for place in self.places.remove(&owner).into_iter().flatten().map(|(_, place)| place) {
            self.entries.remove(&place);
        }
    }

    /// The entries with their owners, in the order they were made.
    pub fn iter(&self) -> impl Iterator<Item = (Identity, &T)> {
        self.entries.values().map(|(owner, entry)| (*owner, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_in_order_and_leave_with_their_owner() {
        let mut roll = Roll::default();
        let [one, two] = [1, 2].map(|slot| Identity::new(1, slot));
        for number in 0..4 {
            roll.add(one, number, number);
            roll.add(two, number, number + 10);
        }
        roll.remove(one, 2);
        roll.remove(one, 2);
        roll.remove(two, 9);
        let seen = |roll: &Roll<u32>| roll.iter().map(|(_, entry)| *entry).collect::<Vec<_>>();
        assert_eq!(seen(&roll), [0, 10, 1, 11, 12, 3, 13]);
        roll.forget(two);
        assert_eq!(seen(&roll), [0, 1, 3]);
        [0, 1, 3].into_iter().for_each(|number| roll.remove(one, number));
        assert!(roll.entries.is_empty() && roll.places.is_empty());
    }
}
