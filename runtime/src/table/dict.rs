//! The dictionary of a table whose fields have no shape: entries in order of insertion, found through
//! an open-addressed index of hashes and places.
//!
//! Assigning nil keeps the key as a tombstone, so that clearing fields while walking the table is
//! safe; tombstones go when an insertion would otherwise grow the dictionary.

use crate::string::same_text;
use crate::value::{Tag, Value};

/// An unused place of the index.
const EMPTY: u64 = u64::MAX;

#[derive(Default)]
pub struct Dict {
    entries: Vec<(Value, Value)>,
    /// Hash (high half) and place in `entries`; a power of two long, at most half full.
    index: Vec<u64>,
}

/// What an insertion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    InRoom,
    /// The dictionary was rebuilt: a good moment to look for keys that belong elsewhere.
    Grown,
    /// Nothing: there is no memory for it, and the dictionary is as it was.
    NoMemory,
}

impl Dict {
    pub fn with_capacity(capacity: usize) -> Dict {
        let mut dict = Dict { entries: Vec::with_capacity(capacity), index: Vec::new() };
        dict.rebuild_index();
        dict
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        size_of::<Dict>()
            + self.entries.capacity() * size_of::<(Value, Value)>()
            + self.index.capacity() * size_of::<u64>()
    }

    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// Where the key is, tombstones included.
    #[inline]
    pub fn position(&self, key: &Value) -> Option<usize> {
        match key.as_bytes() {
            Some(text) => self.find(hash(key), |own| {
                own.is_identical(key) || own.as_bytes().is_some_and(|own| same_text(own, text))
            }),
            None => self.find(hash(key), |own| own.is_identical(key)),
        }
    }

    #[inline]
    fn find(&self, hash: u32, is_key: impl Fn(&Value) -> bool) -> Option<usize> {
        let mask = self.index.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        loop {
            let word = *self.index.get(slot)?;
            if word == EMPTY {
                return None;
            }
            if word >> 32 == u64::from(hash) {
                let place = (word & 0xffff_ffff) as usize;
                if self.entries.get(place).is_some_and(|(own, _)| is_key(own)) {
                    return Some(place);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    #[inline]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.position(key).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }

    #[inline]
    pub fn get_mut(&mut self, key: &Value) -> Option<&mut Value> {
        self.position(key).and_then(|place| self.entries.get_mut(place)).map(|(_, value)| value)
    }

    /// Adds an entry for a key that is not there.
    pub fn insert(&mut self, key: Value, value: Value) -> Inserted {
        if self.entries.len() < self.entries.capacity() {
            self.entries.push((key, value));
            self.index_entry(self.entries.len() - 1);
            return Inserted::InRoom;
        }
        let used = self.entries.iter().filter(|(_, value)| !value.is_nil()).count();
        let is_full = used * 4 >= self.entries.capacity() * 3;
        // Whatever takes memory comes first: without it all stays as it was.
        if is_full && !self.has_room_for(used.max(4) + used) {
            return Inserted::NoMemory;
        }
        self.entries.retain(|(_, value)| !value.is_nil());
        self.entries.push((key, value));
        self.rebuild_index();
        Inserted::Grown
    }

    /// Makes room for so many entries, and an index of its size; false if there is no memory.
    fn has_room_for(&mut self, count: usize) -> bool {
        let more = count.saturating_sub(self.entries.len());
        let size = index_size(count);
        let missing = size.saturating_sub(self.index.len());
        self.index.try_reserve_exact(missing).is_ok() && self.entries.try_reserve_exact(more).is_ok()
    }

    /// Takes out every entry that `is_gone` says so of.
    pub fn remove_where(&mut self, is_gone: &mut dyn FnMut(&Value, &Value) -> bool) -> Vec<(Value, Value)> {
        let gone = self.entries.extract_if(.., |(key, value)| is_gone(key, value)).collect();
        self.rebuild_index();
        gone
    }

    fn rebuild_index(&mut self) {
        let size = index_size(self.entries.capacity());
        self.index.clear();
        self.index.resize(size, EMPTY);
        for place in 0..self.entries.len() {
            self.index_entry(place);
        }
    }

    fn index_entry(&mut self, place: usize) {
        let Some((key, _)) = self.entries.get(place) else { return };
        let hash = hash(key);
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        // The index is at most half full, so a free place exists.
        while let Some(word) = self.index.get_mut(slot) {
            if *word == EMPTY {
                *word = (u64::from(hash) << 32) | (place as u64 & 0xffff_ffff);
                return;
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// The length of the index for so many entries.
fn index_size(entries: usize) -> usize {
    (entries.max(4) * 2).next_power_of_two()
}

/// The hash of a key; numbers and objects mix their bits, strings carry their own hash.
#[inline]
fn hash(key: &Value) -> u32 {
    match key.tag() {
        Tag::StaticString => key.as_static_str().map_or(0, crate::string::StaticStr::hash),
        Tag::String => key.as_lua_str().map_or(0, crate::string::LuaStr::hash),
        _ => {
            let mixed = key.raw_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (mixed >> 32) as u32
        }
    }
}
