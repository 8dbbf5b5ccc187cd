//! Which process has which number: how the text of a PID finds its process when nothing else tells.
//!
//! A table of slots, four bytes each; the number stands in the slot.

use hashbrown::HashTable;

use crate::sched::sync::{Mutex, lock};

/// The slots of the live processes, found by their processes' numbers.
#[derive(Default)]
pub struct Live(Mutex<HashTable<u32>>);

/// Numbers are given out one after the other: a multiplication spreads them.
fn hash(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Live {
    /// Adds the process in `slot`. `number_of` tells the number of the process in a slot.
    pub fn insert(&self, slot: u32, number_of: impl Fn(u32) -> u64) {
        let number = hash(number_of(slot));
        lock(&self.0).insert_unique(number, slot, |slot| hash(number_of(*slot)));
    }

    /// Takes a slot out, while its process still has that number.
    pub fn remove(&self, slot: u32, number: u64) {
        let mut slots = lock(&self.0);
        if let Ok(found) = slots.find_entry(hash(number), |own| *own == slot) {
            found.remove();
        }
    }

    /// The slot of the process with that number.
    pub fn find(&self, number: u64, number_of: impl Fn(u32) -> u64) -> Option<u32> {
        lock(&self.0).find(hash(number), |slot| number_of(*slot) == number).copied()
    }

    /// All of them, in no order.
    pub fn slots(&self) -> Vec<u32> {
        lock(&self.0).iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_found_by_their_numbers_until_they_are_taken_out() {
        let number_of = |slot: u32| u64::from(slot) * 3 + 7;
        let live = Live::default();
        for slot in 0..1000 {
            live.insert(slot, number_of);
        }
        for slot in 0..500 {
            live.remove(slot * 2, number_of(slot * 2));
        }
        for slot in 0..1000 {
            let expected = (slot % 2 == 1).then_some(slot);
            assert_eq!(live.find(number_of(slot), number_of), expected);
        }
        assert_eq!(live.find(8, number_of), None);
        assert_eq!(live.slots().len(), 500);
    }
}
