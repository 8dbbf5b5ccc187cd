//! The slots of a system: which are vacant, and which process has which number.
//!
//! A core keeps the vacant slots that its processes left and gives them out again, without a lock.
//! Nothing is noted for the text of a PID until one has to be looked up: then the slots that got tenants
//! since the last time are read, 64 at a time, as their number stands in them.

use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use crate::sched::slots::{SLOTS, Slots};
use crate::sched::sync::{Mutex, lock};
use crate::sched::{Identity, Scheduler, Slot};

/// So many slots a core takes at a time, and so many have one mark of news.
const BATCH: usize = 64;
/// A core that has more vacant slots gives half of them to the others.
const MOST_KEPT: usize = 4 * BATCH;
/// What is known of numbers is cleaned no earlier than with so many.
const FEW_NUMBERS: usize = 1024;

/// Every slot there is.
pub struct Places {
    slots: Slots,
    /// Whether a batch of slots has got tenants since it was last read.
    news: Box<[AtomicBool]>,
    vacant: Mutex<Vacant>,
    numbers: Mutex<Numbers>,
}

#[derive(Default)]
struct Vacant {
    /// Slots that no core keeps.
    left: Vec<u32>,
    /// How many slots were ever given out.
    used: u32,
}

/// What is known of numbers. Slots that have other tenants by now stand here until the next cleaning.
#[derive(Default)]
struct Numbers {
    slots: FxHashMap<u64, u32>,
    /// Cleaned when there are more.
    most: usize,
}

impl Default for Places {
    fn default() -> Places {
        let news: Box<[MaybeUninit<AtomicBool>]> = Box::new_zeroed_slice(SLOTS / BATCH);
        Places {
            slots: Slots::default(),
            // SAFETY: a boolean of zeros is false. Room that nobody has touched takes no memory.
            news: unsafe { news.assume_init() },
            vacant: Mutex::default(),
            numbers: Mutex::default(),
        }
    }
}

impl Places {
    /// The slot of that index, if it was ever given out.
    #[inline(always)]
    pub fn get(&self, index: u32) -> Option<&Slot> {
        self.slots.get(index)
    }

    /// A slot, for a process of this number, and the process's identity. `vacant` is a slot that a core has
    /// kept, if it had one.
    #[inline]
    pub fn reserve(
        &self,
        scheduler: &Scheduler,
        vacant: Option<u32>,
        number: u64,
    ) -> Option<(&Slot, Identity)> {
        let index = match vacant {
            Some(index) => index,
            None => self.find_vacant(scheduler)?,
        };
        let slot = self.slots.get_or_make(index)?;
        let generation = slot.next_generation();
        slot.set_number(number);
        // After the number: who takes the mark away sees it.
        self.news.get(index as usize / BATCH)?.store(true, Ordering::Release);
        Some((slot, Identity::new(generation, index)))
    }

    /// A vacant slot, where the core keeps none or there is no core.
    #[cold]
    fn find_vacant(&self, scheduler: &Scheduler) -> Option<u32> {
        let kept = scheduler.with_core(|core| {
            if core.vacant.is_empty() {
                self.take(BATCH, &mut core.vacant);
            }
            core.vacant.pop()
        });
        kept.flatten().or_else(|| {
            let mut one = Vec::new();
            self.take(1, &mut one);
            one.pop()
        })
    }

    /// Vacant slots, the first to be used at the end.
    fn take(&self, count: usize, taken: &mut Vec<u32>) {
        let mut vacant = lock(&self.vacant);
        let left = vacant.left.len();
        if left > 0 {
            taken.extend(vacant.left.drain(left - count.min(left)..));
            return;
        }
        let first = vacant.used;
        vacant.used = u32::try_from(SLOTS.min(first as usize + count)).unwrap_or(first);
        taken.extend((first..vacant.used).rev());
    }

    /// A slot is vacant.
    pub fn release(&self, scheduler: &Scheduler, index: u32) {
        let kept = scheduler.with_core(|core| {
            core.vacant.push(index);
            if core.vacant.len() > MOST_KEPT {
                self.give_away(&mut core.vacant);
            }
        });
        if kept.is_none() {
            lock(&self.vacant).left.push(index);
        }
    }

    #[cold]
    fn give_away(&self, kept: &mut Vec<u32>) {
        lock(&self.vacant).left.extend(kept.drain(..MOST_KEPT / 2));
    }

    /// Every slot that was ever given out, with its index.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Slot)> {
        let used = lock(&self.vacant).used;
        (0..used).filter_map(|index| Some((index, self.get(index)?)))
    }

    /// The slot that was reserved for a process of this number, if no other process was since.
    pub fn find(&self, number: u64) -> Option<u32> {
        let mut numbers = lock(&self.numbers);
        let known = |numbers: &Numbers| {
            let slot = numbers.slots.get(&number).copied();
            slot.filter(|slot| self.number_in(*slot) == number)
        };
        known(&numbers).or_else(|| {
            self.read_news(&mut numbers);
            known(&numbers)
        })
    }

    fn number_in(&self, index: u32) -> u64 {
        self.get(index).map(Slot::number).unwrap_or_default()
    }

    /// Reads the numbers of the slots that have got tenants since the last time.
    fn read_news(&self, numbers: &mut Numbers) {
        let used = lock(&self.vacant).used;
        for (first, news) in (0..used).step_by(BATCH).zip(&self.news) {
            if !news.load(Ordering::Relaxed) || !news.swap(false, Ordering::AcqRel) {
                continue;
            }
            for index in (first..used).take(BATCH) {
                match self.number_in(index) {
                    0 => {}
                    number => drop(numbers.slots.insert(number, index)),
                }
            }
        }
        if numbers.slots.len() > numbers.most {
            numbers.slots.retain(|number, slot| self.number_in(*slot) == *number);
            numbers.most = numbers.slots.len() * 2 + FEW_NUMBERS;
        }
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        // What tenants point to ends with the system.
        for (_, slot) in self.all() {
            // SAFETY: nobody else has this any more.
            unsafe { slot.forget_tenant() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_found_by_their_numbers_until_they_have_others() {
        let (places, scheduler) = (Places::default(), Scheduler::new(1));
        let reserve = |number| places.reserve(&scheduler, None, number).unwrap().1.slot();
        let slots: Vec<u32> = (1..=3000).map(reserve).collect();
        for (number, slot) in (1..).zip(&slots) {
            assert_eq!(places.find(number), Some(*slot));
        }
        for slot in slots.iter().step_by(2) {
            places.release(&scheduler, *slot);
        }
        for number in 3001..=4500 {
            reserve(number);
        }
        // Each number stands in one slot; those that were left first have other tenants.
        for number in 1..=4500_u64 {
            let expected = number % 2 == 0 || number > 3000;
            assert_eq!(places.find(number).is_some(), expected, "{number}");
        }
        assert_eq!(places.find(9000), None);
        assert_eq!(places.all().count(), 3000);
    }

    #[test]
    fn what_is_known_of_numbers_does_not_grow_without_end() {
        let (places, scheduler) = (Places::default(), Scheduler::new(1));
        for number in 1..=100_000 {
            let (_, identity) = places.reserve(&scheduler, None, number).unwrap();
            assert_eq!(places.find(number), Some(identity.slot()));
            places.release(&scheduler, identity.slot());
        }
        assert!(lock(&places.numbers).slots.len() < 4 * FEW_NUMBERS);
    }
}
