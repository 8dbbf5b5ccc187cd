//! Shapes: which fields a table has, in which slots, shared by all tables that got the same fields
//! in the same order.
//!
//! A shape is made once and never changes; adding a field to a table moves it along a transition to
//! the next shape. Shapes are shared by all processes and threads and live as long as the program,
//! so their number is bounded: a table that would need one more becomes a dictionary.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::ops::Event;
use crate::sched::sync::{Mutex, lock};
use crate::string::{LuaStr, StaticStr};
use crate::value::Value;

/// A shape's number. 0 is none: caches start with it.
pub type ShapeId = u16;

/// No fields.
pub const ROOT: ShapeId = 1;
/// No shape: the table's fields are in a dictionary.
pub const DICTIONARY: ShapeId = ShapeId::MAX;

/// The most fields a shape has.
const MAX_FIELDS: usize = 128;
/// Up to so many fields, keys that the program computed make new shapes, too.
const MAX_COMPUTED_FIELDS: usize = 8;
/// So many shapes computed keys may make.
const MAX_COMPUTED_SHAPES: usize = 1024;
/// Up to so many fields are found by comparing hashes one by one.
const SCANNED: usize = 8;

const COUNT: usize = ShapeId::MAX as usize;

/// Every shape by its number.
static SHAPES: [AtomicPtr<Shape>; COUNT] = [const { AtomicPtr::new(std::ptr::null_mut()) }; COUNT];
/// Which metamethods' names are among the fields of a shape, one bit for each event.
static EVENTS: [AtomicU32; COUNT] = [const { AtomicU32::new(0) }; COUNT];
/// The number of the next shape.
static NEXT: AtomicUsize = AtomicUsize::new(ROOT as usize + 1);
static COMPUTED: AtomicUsize = AtomicUsize::new(0);

static ROOT_SHAPE: LazyLock<&'static Shape> = LazyLock::new(|| Box::leak(Box::new(Shape::new(Vec::new()))));

pub struct Shape {
    keys: Box<[&'static StaticStr]>,
    hashes: Box<[u32]>,
    /// Places of the keys by hash, for shapes with many.
    index: Box<[u8]>,
    transitions: Mutex<Vec<(&'static StaticStr, ShapeId)>>,
    /// The transition that was taken last: the key's hash and the shape, 0 if there is none. Only a
    /// hint that saves the lock; the shape itself says what its last key is.
    latest: AtomicU64,
}

/// No field has this place.
const EMPTY: u8 = u8::MAX;

/// A string as a key: hash and bytes, and the literal itself if it is one.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub hash: u32,
    pub bytes: &'a [u8],
    literal: Option<&'static StaticStr>,
    /// Whether the program or the runtime says it, which say only so many.
    is_name: bool,
}

impl<'a> Text<'a> {
    #[inline]
    pub fn literal(text: &'static StaticStr) -> Text<'static> {
        Text { hash: text.hash(), bytes: text.bytes(), literal: Some(text), is_name: true }
    }

    #[inline]
    pub fn computed(text: &'a LuaStr) -> Text<'a> {
        Text { hash: text.hash(), bytes: text.bytes(), literal: None, is_name: false }
    }

    /// A key that is no value yet.
    pub fn bytes(bytes: &'a [u8]) -> Text<'a> {
        Text { hash: crate::string::hash_bytes(bytes), bytes, literal: None, is_name: false }
    }

    /// A name that the runtime gives.
    pub fn name(name: &'static str) -> Text<'static> {
        Text { is_name: true, ..Text::bytes(name.as_bytes()) }
    }

    /// The key behind a string value.
    #[inline]
    pub fn of(value: &'a Value) -> Option<Text<'a>> {
        match value.as_static_str() {
            Some(text) => Some(Text::literal(text)),
            None => value.as_lua_str().map(Text::computed),
        }
    }

    #[inline]
    pub fn is(&self, text: &StaticStr) -> bool {
        text.hash() == self.hash && crate::string::same_text(text.bytes(), self.bytes)
    }

    /// This text as a literal that lives as long as the program.
    fn kept(&self) -> &'static StaticStr {
        self.literal.unwrap_or_else(|| {
            let bytes: &'static [u8] = Box::leak(self.bytes.into());
            Box::leak(Box::new(StaticStr::new(bytes)))
        })
    }
}

/// The shape of that number.
#[inline]
pub fn get(id: ShapeId) -> &'static Shape {
    let shape =
        SHAPES.get(usize::from(id)).map_or(std::ptr::null_mut(), |shape| shape.load(Ordering::Acquire));
    // SAFETY: set once, from a leaked shape, before its number is given to anybody.
    match unsafe { shape.as_ref() } {
        Some(shape) => shape,
        None => *ROOT_SHAPE,
    }
}

/// Whether tables of this shape may have that metamethod.
#[inline]
pub fn may_have(id: ShapeId, event: Event) -> bool {
    // A dictionary may have anything.
    EVENTS.get(usize::from(id)).is_none_or(|bits| bits.load(Ordering::Relaxed) & (1 << event as u32) != 0)
}

/// The shape behind `from` and one more field; `None` if there shall be none.
pub fn extend(from: ShapeId, key: Text<'_>) -> Option<ShapeId> {
    let shape = get(from);
    if let Some(id) = shape.latest(key) {
        return Some(id);
    }
    let mut transitions = lock(&shape.transitions);
    if let Some((_, id)) = transitions.iter().find(|(text, _)| key.is(text)) {
        shape.latest.store(u64::from(key.hash) << 32 | u64::from(*id), Ordering::Release);
        return Some(*id);
    }
    let count = shape.keys.len();
    if count >= MAX_FIELDS || (!key.is_name && !may_compute(count)) {
        return None;
    }
    let id = ShapeId::try_from(NEXT.fetch_add(1, Ordering::Relaxed)).ok().filter(|id| *id != DICTIONARY);
    let Some(id) = id else {
        // All numbers are taken; the counter must not come round.
        NEXT.store(COUNT, Ordering::Relaxed);
        return None;
    };
    let key = key.kept();
    let keys = shape.keys.iter().copied().chain([key]).collect();
    let made: &'static Shape = Box::leak(Box::new(Shape::new(keys)));
    let own_event = Event::ALL.iter().find(|event| event.key().bytes() == key.bytes());
    let events = EVENTS.get(usize::from(from)).map_or(0, |bits| bits.load(Ordering::Relaxed))
        | own_event.map_or(0, |event| 1 << *event as u32);
    if let (Some(place), Some(bits)) = (SHAPES.get(usize::from(id)), EVENTS.get(usize::from(id))) {
        bits.store(events, Ordering::Relaxed);
        place.store(std::ptr::from_ref(made).cast_mut(), Ordering::Release);
    }
    transitions.push((key, id));
    Some(id)
}

/// Whether a computed key may make a shape of `count` fields and one more.
fn may_compute(count: usize) -> bool {
    count < MAX_COMPUTED_FIELDS && COMPUTED.fetch_add(1, Ordering::Relaxed) < MAX_COMPUTED_SHAPES
}

impl Shape {
    fn new(keys: Vec<&'static StaticStr>) -> Shape {
        let hashes: Box<[u32]> = keys.iter().map(|key| key.hash()).collect();
        let mut index: Box<[u8]> = Box::default();
        if keys.len() > SCANNED {
            index = vec![EMPTY; (keys.len() * 2).next_power_of_two()].into_boxed_slice();
            let mask = index.len() - 1;
            for (place, hash) in (0..EMPTY).zip(&hashes) {
                let mut slot = *hash as usize & mask;
                while index.get(slot).is_some_and(|taken| *taken != EMPTY) {
                    slot = (slot + 1) & mask;
                }
                if let Some(free) = index.get_mut(slot) {
                    *free = place;
                }
            }
        }
        Shape { keys: keys.into(), hashes, index, transitions: Mutex::default(), latest: AtomicU64::new(0) }
    }

    /// The shape behind this one and `key`, if that transition was the last one.
    fn latest(&self, key: Text<'_>) -> Option<ShapeId> {
        let hint = self.latest.load(Ordering::Acquire);
        let id = ShapeId::try_from(hint & u64::from(u32::MAX)).ok().filter(|id| *id != 0)?;
        let is_it = hint >> 32 == u64::from(key.hash) && get(id).keys.last().is_some_and(|last| key.is(last));
        is_it.then_some(id)
    }

    /// The names of the fields, by slot.
    pub fn keys(&self) -> &[&'static StaticStr] {
        &self.keys
    }

    /// The slot of a field.
    #[inline]
    pub fn find(&self, key: Text<'_>) -> Option<usize> {
        if self.index.is_empty() {
            let is_key = |place: &usize| self.keys.get(*place).is_some_and(|own| own.bytes() == key.bytes);
            let mut places = self.hashes.iter().enumerate().filter(|(_, hash)| **hash == key.hash);
            return places.find(|(place, _)| is_key(place)).map(|(place, _)| place);
        }
        let mask = self.index.len() - 1;
        let mut slot = key.hash as usize & mask;
        loop {
            let place = *self.index.get(slot)?;
            if place == EMPTY {
                return None;
            }
            let place = usize::from(place);
            if self.keys.get(place).is_some_and(|own| key.is(own)) {
                return Some(place);
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_fields_in_the_same_order_make_the_same_shape() {
        static A: StaticStr = StaticStr::new(b"shape test a");
        static B: StaticStr = StaticStr::new(b"shape test b");
        static A_AGAIN: StaticStr = StaticStr::new(b"shape test a");
        let a = extend(ROOT, Text::literal(&A)).unwrap();
        let ab = extend(a, Text::literal(&B)).unwrap();
        assert_eq!(extend(ROOT, Text::literal(&A_AGAIN)), Some(a));
        assert_ne!(extend(extend(ROOT, Text::literal(&B)).unwrap(), Text::literal(&A)), Some(ab));
        assert_eq!(get(ab).find(Text::literal(&B)), Some(1));
        assert_eq!(get(a).find(Text::literal(&B)), None);
        let fresh = LuaStr::new(b"shape test a");
        assert_eq!(get(ab).find(Text::of(&fresh).unwrap()), Some(0));
    }

    #[test]
    fn shapes_with_many_fields_find_them_all_and_end_somewhere() {
        let mut id = ROOT;
        let keys: Vec<&'static StaticStr> = (0..MAX_FIELDS + 1)
            .map(|number| {
                let bytes: &'static [u8] = Box::leak(format!("many {number}").into_bytes().into());
                &*Box::leak(Box::new(StaticStr::new(bytes)))
            })
            .collect();
        for (number, key) in keys.iter().enumerate() {
            match extend(id, Text::literal(key)) {
                Some(next) => id = next,
                None => assert_eq!(number, MAX_FIELDS),
            }
        }
        for (place, key) in keys.iter().take(MAX_FIELDS).enumerate() {
            assert_eq!(get(id).find(Text::literal(key)), Some(place));
        }
    }

    #[test]
    fn a_shape_knows_which_metamethods_it_may_have() {
        let with = extend(ROOT, Text::literal(Event::Index.key())).unwrap();
        assert!(may_have(with, Event::Index));
        assert!(!may_have(with, Event::NewIndex));
        assert!(!may_have(ROOT, Event::Index));
        assert!(may_have(DICTIONARY, Event::Gc));
    }
}
