//! What happens when a part of a table is full: which keys belong into the array part, and which into the
//! dictionary.

use super::Table;
use super::array::{LARGEST, stored};
use crate::heap::long;
use crate::value::Value;

/// Shorter array parts stay, however few elements they have.
const WORTH_LEAVING: usize = 256;

/// How many keys have 2^n as the next power of two, by n.
type Counts = [usize; LARGEST as usize + 1];

impl Table {
    /// Stores an entry that is not there and that the dictionary has no room for; false if there is no memory.
    #[cold]
    #[inline(never)]
    pub(super) fn set_in_full(&self, key: Value, value: Value) -> bool {
        if let Some(exponent) = self.better_array(key.as_int()) {
            if !self.absorb(exponent) {
                return false;
            }
            return match key.as_int() {
                Some(key) if (1..=1 << exponent).contains(&key) => self.put_element(key, value),
                // Others went out of the dictionary; the key may be the next of the array part.
                _ => self.set(key, value).is_ok(),
            };
        }
        if self.dict().is_some_and(|dict| dict.entries().len() >= long::MANY) {
            long::ahead();
        }
        self.dict_mut().is_some_and(|dict| dict.make_room() && dict.insert(key, value).is_ok())
    }

    /// Adds an element behind the last one of an array part without room for it; false if there is no memory.
    #[cold]
    #[inline(never)]
    pub(super) fn push_to_full(&self, value: Value) -> bool {
        let length = self.array_part().len();
        let key = self.length() + 1;
        if let Some(exponent) = self.better_array(Some(key)) {
            return self.absorb(exponent) && self.put_element(key, value);
        }
        if self.is_mostly_empty() && self.leave_array() {
            return self.set_other(Value::int(key), value);
        }
        self.try_push(value) && self.absorb_next(length)
    }

    /// The exponent of an array part that would be more than half full and takes keys of the dictionary, or
    /// `key`.
    fn better_array(&self, key: Option<i64>) -> Option<u8> {
        let dict = self.dict().filter(|dict| dict.has_elements())?;
        let elements = self.array_part();
        let key = key.filter(|key| *key > 0);
        let (mut first, mut count) = (i64::MAX, elements.len());
        for key in dict.elements().chain(key) {
            first = first.min(key);
            count += 1;
        }
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        // However they were spread, too few: as in a queue, whose keys only grow.
        if first > count * 2 {
            return None;
        }
        let mut counts: Counts = [0; LARGEST as usize + 1];
        for key in dict.elements().chain(key) {
            if let Some(count) = slice_of(key).and_then(|slice| counts.get_mut(slice)) {
                *count += 1;
            }
        }
        // To count the elements there are takes longer, so they must first matter.
        largest(with_elements(counts, elements, <[Value]>::len), first)?;
        let used = |slice: &[Value]| slice.iter().filter(|value| !value.is_nil()).count();
        largest(with_elements(counts, elements, used), first)
    }

    /// Moves the keys up to 2^exponent into the array part; false if there is no memory for them.
    fn absorb(&self, exponent: u8) -> bool {
        let last = 1i64 << exponent;
        let Some(dict) = self.dict_mut() else { return true };
        // With the next key there, too, more follow; but not twice as many, which would have been counted.
        let goes_on = dict.get_int(last + 1).is_some_and(|value| !value.is_nil());
        if !self.try_reserve_array(1 << (exponent + u8::from(goes_on))) {
            return false;
        }
        let top = dict.elements().filter(|key| *key <= last).max();
        if let Some(top) = top.filter(|top| *top > self.length()) {
            // Whatever is between is written below, or nil.
            self.extend_to(place(top), Value::TRUE);
        }
        dict.take_elements(self.length(), |key, value| {
            if self.replace_element(key, value).is_err() {
                debug_assert!(false, "element {key} has no place");
            }
        });
        if dict.entries().is_empty() {
            // Everything was an element: from here on it is a list like any other.
            drop(self.take_fields());
        }
        self.absorb_next(self.array_part().len())
    }

    /// Stores an element for which there is room, and no key in between in the dictionary.
    fn put_element(&self, key: i64, value: Value) -> bool {
        let length = self.array_part().len();
        match self.replace_element(key, value) {
            Ok(old) => {
                drop(old);
                true
            }
            Err(value) => {
                self.extend_to(place(key), value);
                self.absorb_next(length)
            }
        }
    }

    /// Whether nearly all elements are nil, as in a queue that is filled at its end and emptied at its front.
    fn is_mostly_empty(&self) -> bool {
        let elements = self.array_part();
        let few = elements.len() / 8;
        elements.len() >= WORTH_LEAVING && elements.iter().filter(|value| !value.is_nil()).nth(few).is_none()
    }

    /// Moves all elements into the dictionary; false if there is no memory for that, and they are where they were.
    fn leave_array(&self) -> bool {
        self.become_dict(0);
        let Some(dict) = self.dict_mut() else { return false };
        let used = self.array_part().iter().filter(|value| !value.is_nil()).count();
        // One more: for the element that had no room.
        if !dict.reserve(used + 1) {
            return false;
        }
        let mut elements = self.take_array();
        for (key, value) in (1..).zip(elements.values()) {
            stored(value.is_nil() || self.set_in_dict(Value::int(key), std::mem::take(value)));
        }
        true
    }
}

/// Where in the array part an element is.
fn place(key: i64) -> usize {
    usize::try_from(key - 1).unwrap_or(usize::MAX)
}

/// Which power of two is next to a key.
#[inline]
fn slice_of(key: i64) -> Option<usize> {
    let key = key.cast_unsigned();
    (key.wrapping_sub(1) < 1 << LARGEST).then(|| key.next_power_of_two().trailing_zeros() as usize)
}

/// The counts and those of the elements, of each power of two as `count` finds.
fn with_elements(mut counts: Counts, elements: &[Value], count: impl Fn(&[Value]) -> usize) -> Counts {
    let mut start = 0;
    for (exponent, own) in counts.iter_mut().enumerate() {
        let end = elements.len().min(1 << exponent);
        *own += elements.get(start..end).map_or(0, &count);
        start = end;
    }
    counts
}

/// The largest array part that takes the key `first` and of which more than half would be used, as an exponent.
fn largest(counts: Counts, first: usize) -> Option<u8> {
    let mut sum = 0;
    let mut best = None;
    for (exponent, count) in (0u8..).zip(counts) {
        sum += count;
        if count > 0 && sum > (1 << exponent) / 2 {
            best = Some(exponent);
        }
    }
    best.filter(|best| first <= 1 << best)
}
