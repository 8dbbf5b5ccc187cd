//! The dictionary of a table whose fields have no shape: entries in order of insertion, found through
//! chains of places, one for each bucket.
//!
//! Assigning nil keeps the key as a tombstone, so that clearing fields while walking the table is
//! safe; tombstones go when an insertion finds the dictionary full.

use super::shape::Text;
use crate::string::same_text;
use crate::value::{Tag, Value};

/// The end of a chain.
const END: u32 = u32::MAX;
/// 2^64 by the golden ratio: the upper bits of its multiples are spread evenly.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

pub struct Dict {
    entries: Vec<(Value, Value)>,
    /// First the heads of the chains, then a link for each entry there is room for: places of entries, or
    /// the end.
    chains: Vec<u32>,
    /// There are 2 to this power chains.
    bits: u8,
    /// Whether a key may be that of an element of an array part.
    has_elements: bool,
}

impl Dict {
    pub fn with_capacity(capacity: usize) -> Dict {
        let mut dict =
            Dict { entries: Vec::with_capacity(capacity), chains: Vec::new(), bits: 0, has_elements: false };
        dict.rebuild_chains();
        dict
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        size_of::<Dict>()
            + self.entries.capacity() * size_of::<(Value, Value)>()
            + self.chains.capacity() * size_of::<u32>()
    }

    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// Whether a key may be a positive integer.
    #[inline]
    pub fn has_elements(&self) -> bool {
        self.has_elements
    }

    /// The positive integers among the keys that have values.
    pub fn elements(&self) -> impl Iterator<Item = i64> {
        let used = self.entries.iter().filter(|(_, value)| !value.is_nil());
        used.filter_map(|(key, _)| key.as_int().filter(|key| *key > 0))
    }

    /// Where the key is, tombstones included.
    #[inline]
    pub fn position(&self, key: &Value) -> Option<usize> {
        match Text::of(key) {
            Some(text) => self.position_of_text(key, &text),
            None => self.position_of_bits(key),
        }
    }

    #[inline(never)]
    fn position_of_text(&self, key: &Value, text: &Text<'_>) -> Option<usize> {
        self.find(self.head_of_text(text), |own| own.is_identical(key) || is_text(own, text))
    }

    #[inline(never)]
    fn position_of_bits(&self, key: &Value) -> Option<usize> {
        self.find(self.head_of_bits(spread(key)), |own| own.is_identical(key))
    }

    #[inline]
    fn find(&self, head: usize, is_key: impl Fn(&Value) -> bool) -> Option<usize> {
        let mut place = *self.chains.get(head)?;
        // The end is no entry's place.
        while let Some((own, _)) = self.entries.get(place as usize) {
            if is_key(own) {
                return Some(place as usize);
            }
            place = *self.chains.get(self.link(place))?;
        }
        None
    }

    #[inline]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.position(key).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }

    /// As [`Dict::get`], of a key that is that text.
    #[inline]
    pub fn get_text(&self, key: &Value, text: &Text<'_>) -> Option<&Value> {
        self.position_of_text(key, text).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }

    /// As [`Dict::get`], of an integer.
    #[inline]
    pub fn get_int(&self, key: i64) -> Option<&Value> {
        self.entries.get(self.position_of_int(key)?).map(|(_, value)| value)
    }

    #[inline]
    fn position_of_int(&self, key: i64) -> Option<usize> {
        self.find(self.head_of_bits(key.cast_unsigned()), |own| own.as_int() == Some(key))
    }

    /// Takes out the value of an integer, which is not a key any more, not even a tombstone's.
    pub fn take_int(&mut self, key: i64) -> Option<Value> {
        let place = self.position_of_int(key)?;
        self.entries.get_mut(place).map(|entry| std::mem::take(entry).1)
    }

    #[inline]
    pub fn get_mut(&mut self, key: &Value) -> Option<&mut Value> {
        self.position(key).and_then(|place| self.entries.get_mut(place)).map(|(_, value)| value)
    }

    /// Adds an entry for a key that is not there. Gives it back if there is no room: [`Dict::make_room`].
    #[inline]
    pub fn insert(&mut self, key: Value, value: Value) -> Result<(), (Value, Value)> {
        if self.entries.len() == self.entries.capacity() {
            return Err((key, value));
        }
        let head = self.head(&key);
        self.has_elements |= is_element(&key);
        self.entries.push((key, value));
        self.enchain(head, self.entries.len() - 1);
        Ok(())
    }

    /// Makes room for another entry; false if there is no memory for it, and then the dictionary is as it was.
    pub fn make_room(&mut self) -> bool {
        let used = self.entries.iter().filter(|(_, value)| !value.is_nil()).count();
        // With less room than that, it would be full again soon.
        let is_full = used * 2 > self.entries.capacity();
        // Whatever takes memory comes first: without it all stays as it was.
        if is_full && !self.has_memory_for(used.max(4) + used) {
            return false;
        }
        self.entries.retain(|(_, value)| !value.is_nil());
        self.compact();
        true
    }

    /// Makes room for so many more entries; false if there is no memory for them.
    pub fn reserve(&mut self, more: usize) -> bool {
        if !self.has_memory_for(self.entries.len() + more) {
            return false;
        }
        self.rebuild_chains();
        true
    }

    /// Gets memory for so many entries and their chains; false if there is none.
    fn has_memory_for(&mut self, count: usize) -> bool {
        let more = count.saturating_sub(self.entries.len());
        let missing = (heads_for(count) + count).saturating_sub(self.chains.len());
        u32::try_from(count).is_ok()
            && self.chains.try_reserve_exact(missing).is_ok()
            && self.entries.try_reserve_exact(more).is_ok()
    }

    /// Takes out every entry that `is_gone` says so of.
    pub fn remove_where(&mut self, is_gone: &mut dyn FnMut(&Value, &Value) -> bool) -> Vec<(Value, Value)> {
        let gone = self.entries.extract_if(.., |(key, value)| is_gone(key, value)).collect();
        self.rebuild_chains();
        gone
    }

    /// Takes out the tombstones and all elements with keys up to `last`, which are given to `take`.
    pub fn take_elements(&mut self, last: i64, mut take: impl FnMut(i64, Value)) {
        self.entries.retain_mut(|(key, value)| match key.as_int() {
            _ if value.is_nil() => false,
            Some(key) if (1..=last).contains(&key) => {
                take(key, std::mem::take(value));
                false
            }
            _ => true,
        });
        self.compact();
    }

    /// Makes the chains anew after entries were taken out, and gives memory back if most are gone.
    fn compact(&mut self) {
        let wanted = self.entries.len().max(4) * 2;
        if self.entries.capacity() > wanted * 4 {
            let mut entries = Vec::new();
            let mut chains = Vec::new();
            if entries.try_reserve_exact(wanted).is_ok()
                && chains.try_reserve_exact(heads_for(wanted) + wanted).is_ok()
            {
                entries.append(&mut self.entries);
                (self.entries, self.chains) = (entries, chains);
            }
        }
        self.rebuild_chains();
    }

    fn rebuild_chains(&mut self) {
        let heads = heads_for(self.entries.capacity());
        self.bits = u8::try_from(heads.trailing_zeros()).unwrap_or(u8::MAX);
        self.has_elements = false;
        self.chains.clear();
        self.chains.resize(heads + self.entries.capacity(), END);
        for place in 0..self.entries.len() {
            let Some((key, _)) = self.entries.get(place) else { break };
            self.has_elements |= is_element(key);
            self.enchain(self.head(key), place);
        }
    }

    /// Puts an entry in front of its chain.
    #[inline]
    fn enchain(&mut self, head: usize, place: usize) {
        let place = u32::try_from(place).unwrap_or(END);
        let link = self.link(place);
        let next = self.chains.get_mut(head).map(|first| std::mem::replace(first, place));
        if let (Some(link), Some(next)) = (self.chains.get_mut(link), next) {
            *link = next;
        }
    }

    /// The chain that a key is in.
    #[inline]
    fn head(&self, key: &Value) -> usize {
        match Text::of(key) {
            Some(text) => self.head_of_text(&text),
            None => self.head_of_bits(spread(key)),
        }
    }

    #[inline]
    fn head_of_text(&self, text: &Text<'_>) -> usize {
        text.hash as usize & ((1 << self.bits) - 1)
    }

    /// The lower bits, which the upper ones set apart. Neighbours have neighbouring chains: who walks through
    /// keys in order walks through memory in order.
    #[inline]
    fn head_of_bits(&self, bits: u64) -> usize {
        let low = bits & ((1 << self.bits) - 1);
        let high = (bits >> self.bits).wrapping_mul(GOLDEN) >> (64 - self.bits);
        (low ^ high) as usize
    }

    #[inline]
    fn link(&self, place: u32) -> usize {
        (1 << self.bits) + place as usize
    }
}

/// The bits of a key that is no text, those first that make most difference between near ones.
#[inline]
fn spread(key: &Value) -> u64 {
    match key.tag() {
        Tag::Integer => key.raw_bits(),
        Tag::Float => key.raw_bits().rotate_left(32),
        // No object begins within 16 bytes of another.
        _ => key.raw_bits() >> 4,
    }
}

#[inline]
fn is_element(key: &Value) -> bool {
    key.as_int().is_some_and(|key| key > 0)
}

#[inline]
fn is_text(key: &Value, text: &Text<'_>) -> bool {
    match key.as_lua_str() {
        Some(own) => own.hash() == text.hash && same_text(own.bytes(), text.bytes),
        None => key.as_static_str().is_some_and(|own| text.is(own)),
    }
}

/// How many chains so many entries get.
fn heads_for(entries: usize) -> usize {
    (entries.max(4) * 2).next_power_of_two()
}
