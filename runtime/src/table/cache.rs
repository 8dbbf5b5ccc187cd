//! Inline caches: what a place in the program has learned about the shapes it meets.
//!
//! A cache belongs to a constant key, and each of its words holds one fact about that key that stays
//! true for ever: "in shape S it is slot N". So a word may be read and written by all threads without
//! any order between them; at worst a fact is learned twice. A few shapes can be known at a time: the
//! low bits of a shape's number choose the word.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::shape::{DICTIONARY, ROOT, ShapeId};
use crate::cx::Cx;
use crate::function::{FunctionDef, Getter};
use crate::module::{Field, Module, ModuleField};
use crate::sched::sync::{Mutex, lock};
use crate::string::StaticStr;
use crate::value::Value;

/// A constant name of the program, with a cache of its own. Made by `key!("name")`.
pub struct Key {
    text: StaticStr,
    /// Shape and slot: the field is there.
    own: [AtomicU32; 4],
    /// Shape and shape: adding the field to the first makes the second.
    add: [AtomicU32; 2],
    /// The field is not in an object's shape, but behind its metatable.
    chains: [AtomicPtr<Chain>; 4],
    /// The field of a library table that has this name.
    field: AtomicPtr<ModuleField>,
    /// Whether it is the name of a method in a hurry.
    quick: Quick,
}

/// Names of methods that have a way of their own where they are called on what has them: those by which messages
/// are received and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quick {
    No,
    Receive,
    Payload,
    Data,
}

impl Quick {
    const fn of(name: &[u8]) -> Quick {
        match name {
            b"receive" => Quick::Receive,
            b"payload" => Quick::Payload,
            b"data" => Quick::Data,
            _ => Quick::No,
        }
    }
}

/// Where a method is found: not in tables of shape `object`; behind each metatable on the way there
/// is one table more, and in the last of them the method is slot `slot`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chain {
    pub object: ShapeId,
    pub links: Box<[Link]>,
    pub slot: u8,
}

/// One step: a metatable of shape `metatable` has `__index` in slot `index`, a table of shape
/// `table`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    pub metatable: ShapeId,
    pub table: ShapeId,
    pub index: u8,
}

/// The longest chain that is learned.
pub const LONGEST: usize = 8;
/// So many different chains are learned in the life of the program, which keeps them all.
const MOST_CHAINS: usize = 1 << 14;

static CHAINS: LazyLock<Mutex<HashSet<&'static Chain>>> = LazyLock::new(Mutex::default);

impl Key {
    pub const fn new(bytes: &'static [u8]) -> Key {
        Key {
            text: StaticStr::new(bytes),
            own: [const { AtomicU32::new(0) }; 4],
            add: [const { AtomicU32::new(0) }; 2],
            chains: [const { AtomicPtr::new(std::ptr::null_mut()) }; 4],
            field: AtomicPtr::new(std::ptr::null_mut()),
            quick: Quick::of(bytes),
        }
    }

    #[inline(always)]
    pub(crate) fn quick(&self) -> Quick {
        self.quick
    }

    #[inline]
    pub fn text(&'static self) -> &'static StaticStr {
        &self.text
    }

    /// The slot of the field in tables of this shape, if that was learned lately.
    #[inline(always)]
    pub(crate) fn slot_in(&self, shape: ShapeId) -> Option<usize> {
        let word = self.own[usize::from(shape % 4)].load(Ordering::Relaxed);
        (word >> 16 == u32::from(shape)).then_some((word & 0xffff) as usize)
    }

    pub(crate) fn learn_slot(&self, shape: ShapeId, slot: usize) {
        if let Ok(slot) = u16::try_from(slot) {
            let fact = (u32::from(shape) << 16) | u32::from(slot);
            self.own[usize::from(shape % 4)].store(fact, Ordering::Relaxed);
        }
    }

    /// The shape that adding the field to this one makes, if that was learned lately.
    #[inline]
    pub(crate) fn extension_of(&self, shape: ShapeId) -> Option<ShapeId> {
        let word = self.add[usize::from(shape % 2)].load(Ordering::Relaxed);
        let [low, high, ..] = word.to_le_bytes();
        (word >> 16 == u32::from(shape)).then_some(ShapeId::from_le_bytes([low, high]))
    }

    pub(crate) fn learn_extension(&self, from: ShapeId, to: ShapeId) {
        let fact = (u32::from(from) << 16) | u32::from(to);
        self.add[usize::from(from % 2)].store(fact, Ordering::Relaxed);
    }

    /// The way to the field from tables of this shape that lack it, if that was learned lately.
    #[inline]
    pub(crate) fn chain_from(&self, shape: ShapeId) -> Option<&'static Chain> {
        let chain = self.chains[usize::from(shape % 4)].load(Ordering::Acquire);
        // SAFETY: null, or a chain that `learn_chain` keeps for ever.
        let chain = unsafe { chain.as_ref() }?;
        (chain.object == shape).then_some(chain)
    }

    /// The field of this name in `module`, nil if there is none.
    #[inline]
    pub(crate) fn value_in(&'static self, cx: Cx, module: &'static Module) -> Value {
        match self.known_field(module) {
            Some(known) => known.1.value(cx),
            None => self.look_up(cx, module),
        }
    }

    /// The function of this name in `module`.
    #[inline]
    pub(crate) fn function_in(&'static self, module: &'static Module) -> Option<&'static FunctionDef> {
        let found = match self.known_field(module) {
            Some(found) => found,
            None => self.learn_field(module)?,
        };
        match found.1 {
            Field::Function(def) => Some(def),
            _ => None,
        }
    }

    /// The getter of this name in `module`, if that was looked up lately.
    #[inline(always)]
    pub(crate) fn known_getter_in(&self, module: &'static Module) -> Option<Getter> {
        match self.known_field(module)?.1 {
            Field::Function(def) => def.getter,
            _ => None,
        }
    }

    /// The field of this name in `module`, if that was looked up lately.
    #[inline(always)]
    fn known_field(&self, module: &'static Module) -> Option<&'static ModuleField> {
        let known = self.field.load(Ordering::Relaxed);
        // Null is in front of every module, too.
        let distance = known.addr().wrapping_sub(module.fields.as_ptr().addr());
        // SAFETY: one of that module's fields, found by this name.
        (distance < size_of_val(module.fields)).then(|| unsafe { &*known })
    }

    #[cold]
    fn learn_field(&'static self, module: &'static Module) -> Option<&'static ModuleField> {
        let found = module.entry(&self.text)?;
        self.field.store(std::ptr::from_ref(found).cast_mut(), Ordering::Relaxed);
        Some(found)
    }

    fn look_up(&'static self, cx: Cx, module: &'static Module) -> Value {
        self.learn_field(module).map_or(Value::NIL, |found| found.1.value(cx))
    }

    pub(crate) fn learn_chain(&self, chain: Chain) {
        let place = &self.chains[usize::from(chain.object % 4)];
        let mut known = lock(&CHAINS);
        let kept = known.get(&chain).copied().or_else(|| {
            (known.len() < MOST_CHAINS).then(|| {
                let kept: &'static Chain = Box::leak(Box::new(chain));
                known.insert(kept);
                kept
            })
        });
        if let Some(kept) = kept {
            place.store(std::ptr::from_ref(kept).cast_mut(), Ordering::Release);
        }
    }
}

/// The shape of the tables that a place in the runtime makes, once it is known.
pub(crate) struct KnownShape(AtomicU32);

impl KnownShape {
    pub const fn new() -> KnownShape {
        KnownShape(AtomicU32::new(ROOT as u32))
    }

    #[inline]
    pub fn get(&self) -> Option<ShapeId> {
        ShapeId::try_from(self.0.load(Ordering::Relaxed)).ok().filter(|shape| *shape != ROOT)
    }

    pub fn learn(&self, shape: ShapeId) {
        if shape != DICTIONARY {
            self.0.store(u32::from(shape), Ordering::Relaxed);
        }
    }
}

/// What a place that makes records knows: the names of their fields and, once there has been one, their
/// shape. Made by `record!`.
pub struct Record<const N: usize> {
    pub(crate) keys: [Key; N],
    pub(crate) shape: KnownShape,
}

impl<const N: usize> Record<N> {
    pub const fn new(keys: [Key; N]) -> Record<N> {
        Record { keys, shape: KnownShape::new() }
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
        key.learn_slot(4, 1);
        assert_eq!((key.slot_in(7), key.slot_in(4), key.slot_in(8)), (Some(3), Some(1), None));
        key.learn_extension(7, 9);
        assert_eq!((key.extension_of(7), key.extension_of(9)), (Some(9), None));
        let chain = |object| {
            let link = Link { metatable: 600, table: 65_000, index: 2 };
            Chain { object, links: Box::new([link, link]), slot: 127 }
        };
        for object in [500, 501, 500] {
            key.learn_chain(chain(object));
        }
        assert_eq!(key.chain_from(500), Some(&chain(500)));
        assert_eq!(key.chain_from(501), Some(&chain(501)));
        assert_eq!(key.chain_from(504), None);
    }
}
