//! Inline caches: what a place in the program has learned about the shapes it meets.
//!
//! A cache belongs to a constant key, and each of its words holds one fact about that key that stays
//! true for ever: "in shape S it is slot N". So a word may be read and written by all threads without
//! any order between them; at worst a fact is learned twice.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::shape::ShapeId;
use crate::string::StaticStr;

/// A constant name of the program, with a cache of its own. Made by `key!("name")`.
pub struct Key {
    text: StaticStr,
    /// Shape and slot: the field is there.
    own: AtomicU32,
    /// Shape and shape: adding the field to the first makes the second.
    add: AtomicU32,
    /// The field is not in an object's shape, but behind its metatable: see [`Method`].
    method: AtomicU64,
}

/// Where a method is found: not in tables of shape `object`; in metatables of shape `metatable`,
/// `__index` is slot `index`; in tables of shape `class`, the method is slot `slot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    pub object: ShapeId,
    pub metatable: ShapeId,
    pub index: u8,
    pub class: ShapeId,
    pub slot: u8,
}

impl Key {
    pub const fn new(bytes: &'static [u8]) -> Key {
        Key {
            text: StaticStr::new(bytes),
            own: AtomicU32::new(0),
            add: AtomicU32::new(0),
            method: AtomicU64::new(0),
        }
    }

    #[inline]
    pub fn text(&'static self) -> &'static StaticStr {
        &self.text
    }

    /// The slot of the field in tables of this shape, if that is what was learned last.
    #[inline]
    pub(crate) fn slot_in(&self, shape: ShapeId) -> Option<usize> {
        let word = self.own.load(Ordering::Relaxed);
        (word >> 16 == u32::from(shape)).then_some((word & 0xffff) as usize)
    }

    pub(crate) fn learn_slot(&self, shape: ShapeId, slot: usize) {
        if let Ok(slot) = u16::try_from(slot) {
            self.own.store((u32::from(shape) << 16) | u32::from(slot), Ordering::Relaxed);
        }
    }

    /// The shape that adding the field to this one makes, if that is what was learned last.
    #[inline]
    pub(crate) fn extension_of(&self, shape: ShapeId) -> Option<ShapeId> {
        let word = self.add.load(Ordering::Relaxed);
        let [low, high, ..] = word.to_le_bytes();
        (word >> 16 == u32::from(shape)).then_some(ShapeId::from_le_bytes([low, high]))
    }

    pub(crate) fn learn_extension(&self, from: ShapeId, to: ShapeId) {
        self.add.store((u32::from(from) << 16) | u32::from(to), Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn method(&self) -> Method {
        let bytes = self.method.load(Ordering::Relaxed).to_le_bytes();
        let [o0, o1, m0, m1, c0, c1, index, slot] = bytes;
        Method {
            object: ShapeId::from_le_bytes([o0, o1]),
            metatable: ShapeId::from_le_bytes([m0, m1]),
            class: ShapeId::from_le_bytes([c0, c1]),
            index,
            slot,
        }
    }

    pub(crate) fn learn_method(&self, method: Method) {
        let ([o0, o1], [m0, m1]) = (method.object.to_le_bytes(), method.metatable.to_le_bytes());
        let [c0, c1] = method.class.to_le_bytes();
        let word = u64::from_le_bytes([o0, o1, m0, m1, c0, c1, method.index, method.slot]);
        self.method.store(word, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_known_and_nothing_else() {
        let key = Key::new(b"name");
        assert_eq!(key.slot_in(1), None);
        key.learn_slot(7, 3);
        assert_eq!((key.slot_in(7), key.slot_in(8)), (Some(3), None));
        key.learn_extension(7, 9);
        assert_eq!((key.extension_of(7), key.extension_of(9)), (Some(9), None));
        let method = Method { object: 500, metatable: 600, index: 2, class: 65_000, slot: 127 };
        key.learn_method(method);
        assert_eq!(key.method(), method);
    }
}
