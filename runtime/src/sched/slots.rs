//! All slots of a system: a list that grows while others look slots up, and never moves one.

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::sched::Slot;

/// Slots come in chunks of this many, so that references to them stay valid while the list grows.
const CHUNK: usize = 1024;
const CHUNKS: usize = 16 * 1024;
/// How many there may be.
pub const SLOTS: usize = CHUNK * CHUNKS;

type Chunk = [Slot; CHUNK];

/// A growing list of slots.
pub struct Slots {
    /// Null where there is no chunk yet: room that nobody has touched takes no memory.
    chunks: Box<[AtomicPtr<Chunk>]>,
}

impl Default for Slots {
    fn default() -> Slots {
        let chunks: Box<[MaybeUninit<AtomicPtr<Chunk>>]> = Box::new_zeroed_slice(CHUNKS);
        // SAFETY: a pointer of zeros is null.
        Slots { chunks: unsafe { chunks.assume_init() } }
    }
}

impl Slots {
    /// A slot that was made before.
    #[inline(always)]
    pub fn get(&self, index: u32) -> Option<&Slot> {
        let chunk = self.chunks.get(index as usize / CHUNK)?.load(Ordering::Acquire);
        // SAFETY: null, or a chunk that was published whole and lives as long as this list.
        unsafe { chunk.as_ref() }?.get(index as usize % CHUNK)
    }

    /// A slot, made if it has to be. Nothing beyond 16 million.
    #[inline]
    pub fn get_or_make(&self, index: u32) -> Option<&Slot> {
        match self.get(index) {
            Some(slot) => Some(slot),
            None => self.make_and_get(index),
        }
    }

    #[cold]
    fn make_and_get(&self, index: u32) -> Option<&Slot> {
        self.make(self.chunks.get(index as usize / CHUNK)?);
        self.get(index)
    }

    fn make(&self, place: &AtomicPtr<Chunk>) {
        let chunk: Box<[Slot]> = (0..CHUNK).map(|_| Slot::default()).collect();
        let Ok(chunk) = Box::<Chunk>::try_from(chunk) else { return };
        let chunk = Box::into_raw(chunk);
        let made = place.compare_exchange(ptr::null_mut(), chunk, Ordering::AcqRel, Ordering::Acquire);
        if made.is_err() {
            // SAFETY: another thread was first, so this one is still ours alone.
            drop(unsafe { Box::from_raw(chunk) });
        }
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        for chunk in &mut self.chunks {
            let chunk = *chunk.get_mut();
            if !chunk.is_null() {
                // SAFETY: it came from a box in `make`, and nobody looks any more.
                drop(unsafe { Box::from_raw(chunk) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_stay_where_they_are_while_others_are_made() {
        let slots = Slots::default();
        assert!(slots.get(0).is_none());
        let first = ptr::from_ref(slots.get_or_make(0).unwrap());
        for index in [1, 1023, 1024, 70_000] {
            assert!(slots.get_or_make(index).is_some());
        }
        assert!(slots.get(2048).is_none() && slots.get(70_000).is_some());
        assert!(slots.get_or_make(u32::MAX).is_none() && slots.get(u32::MAX).is_none());
        assert_eq!(ptr::from_ref(slots.get(0).unwrap()), first);
    }

    #[test]
    fn one_chunk_is_made_whoever_asks() {
        let slots = Slots::default();
        let found = |index| ptr::from_ref(slots.get_or_make(index).unwrap()).addr();
        let (here, there) = std::thread::scope(|scope| {
            let there = scope.spawn(|| found(5));
            (found(5), there.join().unwrap())
        });
        assert_eq!(here, there);
    }
}
