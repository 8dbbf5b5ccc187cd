//! The hash part of a table: entries in order of insertion, found by a scan while few and through
//! an open-addressed index of positions once there are many.
//!
//! Assigning nil keeps the key as a tombstone, so that clearing fields while walking the table is
//! safe; tombstones go when an insertion would otherwise grow the part.

use crate::value::{Tag, Value};

/// Up to this many entries are found by comparing them one by one.
const SCANNED: usize = 8;
const EMPTY: u32 = u32::MAX;

#[derive(Default)]
pub struct HashPart {
    entries: Vec<(Value, Value)>,
    /// Positions into `entries` by hash, a power of two long; empty while the part is scanned.
    index: Box<[u32]>,
}

impl HashPart {
    pub fn with_capacity(capacity: usize) -> HashPart {
        HashPart { entries: Vec::with_capacity(capacity), index: Box::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    #[inline]
    pub fn get(&self, key: &Value) -> Value {
        self.position(key).and_then(|at| self.entries.get(at)).map_or(Value::NIL, |(_, value)| value.clone())
    }

    /// Stores and returns what was there before.
    pub fn set(&mut self, key: Value, value: Value) -> Value {
        if let Some(entry) = self.position(&key).and_then(|at| self.entries.get_mut(at)) {
            return std::mem::replace(&mut entry.1, value);
        }
        if !value.is_nil() {
            self.insert(key, value);
        }
        Value::NIL
    }

    /// Where the key is, tombstones included.
    #[inline]
    pub fn position(&self, key: &Value) -> Option<usize> {
        if self.index.is_empty() {
            return self.entries.iter().position(|(own, _)| same_key(own, key));
        }
        let mask = self.index.len() - 1;
        let mut slot = hash(key) as usize & mask;
        loop {
            let at = *self.index.get(slot)?;
            if at == EMPTY {
                return None;
            }
            if self.entries.get(at as usize).is_some_and(|(own, _)| same_key(own, key)) {
                return Some(at as usize);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The first entry with a value at or after position `from`.
    pub fn entry_from(&self, from: usize) -> Option<(Value, Value)> {
        let (key, value) = self.entries.iter().skip(from).find(|(_, value)| !value.is_nil())?;
        Some((key.clone(), value.clone()))
    }

    fn insert(&mut self, key: Value, value: Value) {
        if self.entries.len() == self.entries.capacity() {
            self.entries.retain(|(_, value)| !value.is_nil());
            let few_left = self.entries.len() * 4 < self.entries.capacity() * 3;
            if !few_left {
                self.entries.reserve(self.entries.len().max(4));
            }
            self.entries.push((key, value));
            self.rebuild_index();
            return;
        }
        self.entries.push((key, value));
        if self.index.is_empty() {
            if self.entries.len() > SCANNED {
                self.rebuild_index();
            }
            return;
        }
        if self.entries.len() * 2 > self.index.len() {
            self.rebuild_index();
        } else {
            self.index_entry(self.entries.len() - 1);
        }
    }

    fn rebuild_index(&mut self) {
        if self.entries.len() <= SCANNED {
            self.index = Box::default();
            return;
        }
        let size = (self.entries.capacity().max(self.entries.len()) * 2).next_power_of_two();
        self.index = vec![EMPTY; size].into_boxed_slice();
        for position in 0..self.entries.len() {
            self.index_entry(position);
        }
    }

    fn index_entry(&mut self, position: usize) {
        let Some((key, _)) = self.entries.get(position) else { return };
        let mask = self.index.len() - 1;
        let mut slot = hash(key) as usize & mask;
        // The index is at most half full, so a free slot exists.
        while let Some(at) = self.index.get_mut(slot) {
            if *at == EMPTY {
                *at = u32::try_from(position).unwrap_or(EMPTY);
                return;
            }
            slot = (slot + 1) & mask;
        }
    }
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

/// Raw key equality. Integral floats were turned into integers before.
#[inline]
fn same_key(own: &Value, key: &Value) -> bool {
    if own.is_identical(key) {
        return true;
    }
    let strings = |tag: Tag| matches!(tag, Tag::StaticString | Tag::String);
    strings(own.tag()) && strings(key.tag()) && hash(own) == hash(key) && own.as_bytes() == key.as_bytes()
}
