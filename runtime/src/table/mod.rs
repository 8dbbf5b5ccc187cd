//! The raw table: an array part, fields, and a metatable. No metamethods here (`ops`).
//!
//! Fields with string names live in slots that a [`shape`] names, until the table gets a key that no
//! shape takes: then all its fields live in a [`dict`]. Invariants: keys `1..=array_length` live in
//! the array part and nowhere else, some of them nil, the last of them not; key `array_length + 1` is
//! nowhere; float keys with an integral value are stored as integers; no key is nil or NaN; every
//! slot and every element of the array part up to its length is a value.
//!
//! The parts are reached through raw pointers in cells. That is sound because one thread at a time
//! owns a process's values, no reference into a table outlives a call of a method here, and nothing
//! inside runs Lua code: dropping a value frees memory, and may free other tables, but calls nobody.

mod array;
mod cache;
mod create;
mod dict;
mod fields;
mod meta;
mod record;
mod rehash;
pub(crate) mod shape;
mod walk;

use std::cell::Cell;
use std::ptr::NonNull;

pub use cache::Key;
pub(crate) use cache::KnownShape;
pub use cache::Record;
pub(crate) use cache::{Chain, LONGEST, Link, Quick};
pub(crate) use meta::Weakness;
pub use walk::Cursor;

use crate::heap::{Container, Gc, Holder, flag, long};
use crate::string::StaticStr;
use crate::value::{Tag, Value};
use dict::Dict;
use shape::{DICTIONARY, ShapeId, Text};

/// A Lua table on the heap. Slots for the fields it was made with follow it in the same allocation.
#[repr(C)]
pub struct Table {
    /// Its extra is the shape.
    container: Container,
    array_length: Cell<u32>,
    slot_capacity: Cell<u8>,
    /// The array part has room for 2 to this power; 0: for none.
    array_exponent: Cell<u8>,
    inline_capacity: u8,
    /// The slots (behind the table, or on their own); of a dictionary table, the `Dict`.
    slots: Cell<*mut Value>,
    array: Cell<*mut Value>,
    /// Owns one count.
    metatable: Cell<Option<NonNull<Table>>>,
}

/// Why a raw write was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    Nil,
    Nan,
    /// `next` was given a key that is not in the table.
    Unknown,
    /// There is no memory for a larger table.
    NoMemory,
}

// SAFETY: repr(C), container first, allocated by `Table::in_heap`.
unsafe impl Gc for Table {
    const TAG: Tag = Tag::Table;
}

// SAFETY: shows each element, field and key once, and the metatable; `destroy` gives back what
// `in_heap` and growth took.
unsafe impl Holder for Table {
    fn clear(&self) {
        let fields = self.take_fields();
        let array = self.take_array();
        self.set_metatable(Value::NIL);
        drop((fields, array));
    }

    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.array_part().iter().for_each(&mut *visit);
        match self.dict() {
            None => self.slot_part().iter().for_each(&mut *visit),
            Some(dict) => dict.entries().iter().for_each(|(key, value)| {
                visit(key);
                visit(value);
            }),
        }
        if let Some(metatable) = self.metatable.get() {
            // SAFETY: the table owns a count of its metatable. Not a value of its own: shown as one.
            let value = unsafe { Value::borrow_object(Tag::Table, metatable.cast()) };
            visit(&value);
        }
    }

    fn size(&self) -> usize {
        let fields = match self.dict() {
            Some(dict) => dict.size(),
            None if self.container.header.has(flag::OUTSIDE) => {
                usize::from(self.slot_capacity.get()) * size_of::<Value>()
            }
            None => 0,
        };
        Table::layout(self.inline_capacity).size() + self.array_capacity() * size_of::<Value>() + fields
    }

    unsafe fn destroy(object: NonNull<Table>) {
        // SAFETY: alive by contract until its memory is given back.
        unsafe {
            let table = object.as_ref();
            table.drop_fields();
            if !table.array.get().is_null() || table.has_metatable() {
                table.drop_rest();
            }
            let layout = Table::layout(table.inline_capacity);
            std::alloc::dealloc(object.as_ptr().cast(), layout);
        }
    }
}

impl Table {
    /// Drops the array and the metatable of a table that is being destroyed.
    #[inline(never)]
    fn drop_rest(&self) {
        if self.array_length.get() as usize >= long::MANY {
            long::ahead();
        }
        drop(self.take_array());
        self.set_metatable(Value::NIL);
    }

    #[inline(always)]
    pub(crate) fn shape(&self) -> ShapeId {
        self.container.header.extra()
    }

    #[inline]
    pub(crate) fn is_dictionary(&self) -> bool {
        self.shape() == DICTIONARY
    }

    /// `t[key]` without metamethods.
    #[inline]
    pub fn get(&self, key: &Value) -> Value {
        match key.tag() {
            Tag::Integer => self.get_int(key.as_int().unwrap_or_default()),
            Tag::StaticString | Tag::String => match Text::of(key) {
                Some(text) => self.get_field(text, key),
                None => Value::NIL,
            },
            Tag::Float => match integral(key) {
                Some(integer) => self.get_int(integer),
                None => self.get_other(key),
            },
            Tag::Nil => Value::NIL,
            _ => self.get_other(key),
        }
    }

    /// An entry that only a dictionary can have.
    fn get_other(&self, key: &Value) -> Value {
        self.dict().and_then(|dict| dict.get(key)).cloned().unwrap_or_default()
    }

    #[inline]
    pub fn get_int(&self, key: i64) -> Value {
        match self.element(key) {
            Some(value) => value.clone(),
            None => self.dict().and_then(|dict| dict.get_int(key)).cloned().unwrap_or_default(),
        }
    }

    /// A look-up by a literal.
    #[inline]
    pub fn get_str(&self, key: &'static StaticStr) -> Value {
        self.get_field(Text::literal(key), &Value::static_str(key))
    }

    /// A look-up by text, for the runtime's own use.
    pub fn get_text(&self, key: &str) -> Value {
        if self.shape() == DICTIONARY {
            return self.get(&Value::string(key));
        }
        self.find_slot(Text::bytes(key.as_bytes())).map_or(Value::NIL, |slot| self.slot(slot).clone())
    }

    /// `t[key] = value` without metamethods; nil removes.
    ///
    /// # Errors
    /// A nil or NaN key, or no memory for it.
    #[inline]
    pub fn set(&self, key: Value, value: Value) -> Result<(), KeyFault> {
        let is_stored = match key.tag() {
            Tag::Integer => self.try_set_int(key.as_int().unwrap_or_default(), value),
            Tag::StaticString | Tag::String => self.try_set_named(key, value),
            Tag::Nil => return Err(KeyFault::Nil),
            Tag::Float => {
                if key.as_float().is_some_and(f64::is_nan) {
                    return Err(KeyFault::Nan);
                }
                match integral(&key) {
                    Some(integer) => self.try_set_int(integer, value),
                    None => self.set_other(key, value),
                }
            }
            _ => self.set_other(key, value),
        };
        if is_stored { Ok(()) } else { Err(KeyFault::NoMemory) }
    }

    /// Sets a field by text, for the runtime's own use.
    pub fn set_text(&self, key: &str, value: Value) {
        self.set_named(Value::string(key), value);
    }

    /// A border: what `#t` gives without `__len`.
    #[inline]
    pub fn length(&self) -> i64 {
        i64::from(self.array_length.get())
    }

    #[inline]
    fn dict(&self) -> Option<&Dict> {
        // SAFETY: a dictionary table's slots are its `Dict`, which it owns.
        (self.shape() == DICTIONARY).then(|| unsafe { &*self.slots.get().cast::<Dict>() })
    }

    /// The dictionary for a change. No other reference to it exists, as the module says.
    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the parts of a table are reached through raw pointers")]
    fn dict_mut(&self) -> Option<&mut Dict> {
        // SAFETY: as in `dict`; callers hold no other reference into the table.
        (self.shape() == DICTIONARY).then(|| unsafe { &mut *self.slots.get().cast::<Dict>() })
    }

    #[inline]
    pub(crate) fn array_part(&self) -> &[Value] {
        if self.array_length.get() == 0 {
            return &[];
        }
        // SAFETY: so many elements are values.
        unsafe { std::slice::from_raw_parts(self.array.get(), self.array_length.get() as usize) }
    }

    /// Replaces what `other` gives another value for, in the array and the slots.
    ///
    /// # Safety
    /// Nothing inside `other` comes back to this table, nor does the drop of what is replaced.
    pub(crate) unsafe fn replace_all(&self, other: impl Fn(&Value) -> Option<Value>) {
        for value in self.array_part().iter().chain(self.slot_part()) {
            if let Some(other) = other(value) {
                let place = std::ptr::from_ref(value).cast_mut();
                // SAFETY: nobody else looks at the value, by contract; its place is in memory that the table
                // writes to through pointers of its own.
                drop(unsafe { place.replace(other) });
            }
        }
    }

    /// The slots; none if the fields are in a dictionary.
    #[inline]
    pub(crate) fn slot_part(&self) -> &[Value] {
        if self.shape() == DICTIONARY {
            return &[];
        }
        // SAFETY: so many slots are values.
        unsafe { std::slice::from_raw_parts(self.slots.get(), usize::from(self.slot_capacity.get())) }
    }
}

/// A float key that means an integer key.
#[inline]
fn integral(key: &Value) -> Option<i64> {
    crate::ops::number::float_to_int(key.as_float()?)
}

#[cfg(test)]
mod tests;
