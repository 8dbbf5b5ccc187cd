//! The array part: elements 1 to n in one stretch of memory.

use std::alloc::{Layout, handle_alloc_error};

use super::Table;
use super::dict::Dict;
use super::shape::DICTIONARY;
use crate::cx::Cx;
use crate::value::Value;

/// The smallest array part has room for 2 to this power.
const SMALLEST: u8 = 2;
/// The largest array part has room for 2 to this power; longer lists do not fit a 32-bit length.
pub(super) const LARGEST: u8 = 31;

impl Table {
    #[inline]
    pub(super) fn array_capacity(&self) -> usize {
        match self.array_exponent.get() {
            0 => 0,
            exponent => 1 << exponent,
        }
    }

    /// The element of that key, if it is in the array part.
    #[inline(always)]
    pub(crate) fn element(&self, key: i64) -> Option<&Value> {
        let index = key.wrapping_sub(1).cast_unsigned();
        if index < u64::from(self.array_length.get()) {
            // SAFETY: below the length.
            #[expect(clippy::cast_possible_truncation, reason = "below a 32-bit length")]
            return Some(unsafe { &*self.array.get().add(index as usize) });
        }
        None
    }

    /// Replaces an element of the array part that has another one behind it, or by a value that is
    /// not nil. Gives the value back if that is not what it would be.
    #[inline(always)]
    pub(crate) fn replace_element(&self, key: i64, value: Value) -> Result<Value, Value> {
        let index = key.wrapping_sub(1).cast_unsigned();
        let length = u64::from(self.array_length.get());
        if index < length && (!value.is_nil() || index + 1 < length) {
            // SAFETY: below the length; the old value is dropped by the caller, after the write.
            #[expect(clippy::cast_possible_truncation, reason = "below a 32-bit length")]
            return Ok(unsafe { std::mem::replace(&mut *self.array.get().add(index as usize), value) });
        }
        Err(value)
    }

    /// As [`Table::try_set_int`], for the runtime's own tables, which are not large.
    #[inline]
    pub fn set_int(&self, key: i64, value: Value) {
        stored(self.try_set_int(key, value));
    }

    /// Sets an element; false if there is no memory for it.
    #[inline]
    #[must_use]
    pub(crate) fn try_set_int(&self, key: i64, value: Value) -> bool {
        match self.replace_element(key, value) {
            Ok(old) => {
                drop(old);
                true
            }
            Err(value) => self.set_int_elsewhere(key, value),
        }
    }

    /// Sets what [`Table::replace_element`] refused; false if there is no memory for it.
    #[inline(never)]
    #[must_use]
    pub(crate) fn set_int_elsewhere(&self, key: i64, value: Value) -> bool {
        let length = self.array_length.get() as usize;
        let index = usize::try_from(key.wrapping_sub(1)).unwrap_or(usize::MAX);
        if index < length {
            // The last element is cleared.
            drop(self.pop());
        } else if index == length && length < 1 << LARGEST {
            if value.is_nil() {
                return true;
            }
            if length == self.array_capacity() {
                return self.push_to_full(value);
            }
            return self.try_push(value) && self.absorb_next(length);
        } else if index < self.array_capacity() && !self.has_elements_elsewhere() && !value.is_nil() {
            // There is room, and the dictionary has none of the keys between.
            self.extend_to(index, value);
        } else {
            return self.set_other(Value::int(key), value);
        }
        true
    }

    /// Takes off the last element, and the nils that were in front of it.
    fn pop(&self) -> Value {
        let mut length = self.array_length.get() as usize;
        let mut last = Value::NIL;
        while length > 0 {
            // SAFETY: below the length.
            let element = unsafe { self.array.get().add(length - 1).read() };
            if last.is_nil() {
                last = element;
            } else if !element.is_nil() {
                // Read, not taken: it stays.
                std::mem::forget(element);
                break;
            }
            length -= 1;
        }
        self.set_array_length(length);
        last
    }

    #[inline]
    fn set_array_length(&self, length: usize) {
        self.array_length.set(u32::try_from(length).unwrap_or(u32::MAX));
    }

    /// Adds an element behind the last; false if there is no memory for it.
    #[inline]
    #[must_use]
    pub(super) fn try_push(&self, value: Value) -> bool {
        let length = self.array_length.get() as usize;
        if length == self.array_capacity() && !self.try_reserve_array(length + 1) {
            return false;
        }
        // SAFETY: there is room for one more.
        unsafe { self.array.get().add(length).write(value) };
        self.set_array_length(length + 1);
        true
    }

    #[cfg(test)]
    pub(crate) fn push(&self, value: Value) {
        stored(self.try_push(value));
    }

    /// Adds an element within the capacity, with nils in front of it.
    pub(super) fn extend_to(&self, index: usize, value: Value) {
        // SAFETY: all below the capacity, behind the length.
        unsafe {
            for gap in self.array_length.get() as usize..index {
                self.array.get().add(gap).write(Value::NIL);
            }
            self.array.get().add(index).write(value);
        }
        self.set_array_length(index + 1);
    }

    /// Makes room for so many elements, which are not many.
    pub(crate) fn reserve_array(&self, room: usize) {
        stored(self.try_reserve_array(room));
    }

    /// Makes room for so many elements; false if there is no memory for them.
    #[must_use]
    pub(crate) fn try_reserve_array(&self, room: usize) -> bool {
        let before = self.array_exponent.get();
        let wanted = u8::try_from(room.next_power_of_two().trailing_zeros()).unwrap_or(LARGEST);
        let exponent = wanted.clamp(SMALLEST, LARGEST);
        if exponent <= before {
            return true;
        }
        let layout = array_layout(exponent);
        // SAFETY: either there was none, or it was allocated with the layout of its exponent.
        let memory = unsafe {
            match before {
                0 => std::alloc::alloc(layout),
                before => std::alloc::realloc(self.array.get().cast(), array_layout(before), layout.size()),
            }
        };
        if memory.is_null() {
            return false;
        }
        self.array.set(memory.cast());
        self.array_exponent.set(exponent);
        true
    }

    /// Empties the array part; what was in it.
    pub(super) fn take_array(&self) -> Elements {
        Elements {
            start: self.array.replace(std::ptr::null_mut()),
            length: self.array_length.replace(0) as usize,
            exponent: self.array_exponent.replace(0),
        }
    }

    /// Whether the dictionary may have positive keys.
    #[inline]
    fn has_elements_elsewhere(&self) -> bool {
        self.dict().is_some_and(Dict::has_elements)
    }

    /// Moves keys that now follow the array part out of the dictionary. Without memory for them, false: then the
    /// array part is as long again as it was `before`.
    #[inline]
    pub(super) fn absorb_next(&self, before: usize) -> bool {
        !self.has_elements_elsewhere() || self.absorb_all_next(before)
    }

    fn absorb_all_next(&self, before: usize) -> bool {
        let Some(dict) = self.dict_mut() else { return true };
        let first = self.length() + 1;
        if first > 1 {
            // What is an element now may have been an entry before, whose tombstone a walk must not take for a
            // cleared element.
            drop(dict.take_int(first - 1));
        }
        let is_there = |key: &i64| dict.get_int(*key).is_some_and(|value| !value.is_nil());
        let count = (first..).take_while(is_there).count();
        if !self.try_reserve_array(self.array_part().len() + count) {
            while self.array_part().len() > before {
                drop(self.pop());
            }
            return false;
        }
        for value in (first..).take(count).map_while(|key| dict.take_int(key)) {
            stored(self.try_push(value));
        }
        true
    }

    /// Puts `value` in front of element `position`, which is in `1..=length + 1`; false if there is no memory
    /// for it.
    #[must_use]
    pub fn insert(&self, position: i64, value: Value) -> bool {
        let length = self.array_length.get() as usize;
        let index = usize::try_from(position - 1).unwrap_or(usize::MAX);
        if index >= length {
            return self.try_set_int(position, value);
        }
        if !self.try_push(Value::NIL) {
            return false;
        }
        // SAFETY: the elements from `index` on move up by one, into the room just made.
        unsafe {
            let at = self.array.get().add(index);
            std::ptr::copy(at, at.add(1), length - index);
            at.write(value);
        }
        self.absorb_next(length)
    }

    /// Takes out element `position` and closes the gap. Beyond the array part there is no gap.
    pub fn remove(&self, position: i64) -> Value {
        let length = self.array_length.get() as usize;
        let index = usize::try_from(position - 1).unwrap_or(usize::MAX);
        if index >= length {
            let removed = self.get_int(position);
            self.set_int(position, Value::NIL);
            return removed;
        }
        if index + 1 == length {
            return self.pop();
        }
        // SAFETY: the elements behind `index` move down by one.
        unsafe {
            let at = self.array.get().add(index);
            let removed = at.read();
            std::ptr::copy(at.add(1), at, length - index - 1);
            self.set_array_length(length - 1);
            removed
        }
    }

    /// Stores the positional items of a constructor from key `first` on.
    pub fn set_list(&self, first: i64, values: impl IntoIterator<Item = Value>) {
        if first != i64::from(self.array_length.get()) + 1 || self.shape() == DICTIONARY {
            for (value, key) in values.into_iter().zip(first..) {
                self.set_int(key, value);
            }
            return;
        }
        let values = values.into_iter();
        let room = self.array_length.get() as usize + values.size_hint().0;
        if room > self.array_capacity() {
            self.reserve_array(room);
        }
        values.for_each(|value| stored(self.try_push(value)));
        // The last element is never nil.
        if self.array_part().last().is_some_and(Value::is_nil) {
            stored(self.try_push(Value::TRUE));
            drop(self.pop());
        }
    }

    /// A fresh table with the array part of this one.
    pub(crate) fn array_copy(&self, cx: Cx) -> Value {
        let copy = Table::new(cx);
        crate::ops::index::append(&copy, 1, self.array());
        copy
    }

    /// A copy of the array part.
    pub fn array(&self) -> Vec<Value> {
        self.array_part().to_vec()
    }
}

/// Where nobody can be told that there is no memory: the program ends.
#[inline]
pub(super) fn stored(done: bool) {
    if !done {
        handle_alloc_error(Layout::new::<Value>());
    }
}

#[inline]
fn array_layout(exponent: u8) -> Layout {
    Layout::array::<Value>(1 << exponent).unwrap_or(Layout::new::<Value>())
}

/// An array part that no table has any more.
pub(super) struct Elements {
    start: *mut Value,
    length: usize,
    exponent: u8,
}

impl Elements {
    pub(super) fn values(&mut self) -> &mut [Value] {
        if self.length == 0 {
            return &mut [];
        }
        // SAFETY: ours alone: so many values.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }
}

impl Drop for Elements {
    fn drop(&mut self) {
        if self.exponent == 0 {
            return;
        }
        // SAFETY: ours alone: so many values, in memory of this layout.
        unsafe {
            std::ptr::slice_from_raw_parts_mut(self.start, self.length).drop_in_place();
            std::alloc::dealloc(self.start.cast(), array_layout(self.exponent));
        }
    }
}
