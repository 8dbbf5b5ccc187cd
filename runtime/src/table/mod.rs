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
mod dict;
mod fields;
pub(crate) mod shape;
mod walk;

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

pub use cache::Key;
pub(crate) use cache::KnownShape;
pub use cache::Record;
pub(crate) use cache::{Chain, LONGEST, Link, Quick};
pub use walk::Cursor;

use crate::cx::Cx;
use crate::heap::{Container, Gc, Header, Heap, Holder, flag};
use crate::ops::Event;
use crate::string::StaticStr;
use crate::value::{Tag, Value};
use dict::Dict;
use shape::{DICTIONARY, ROOT, ShapeId, Text};

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

/// Which references of a table do not keep what they refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weakness {
    Keys,
    Values,
    Both,
}

impl Weakness {
    pub fn has_keys(self) -> bool {
        self != Weakness::Values
    }

    pub fn has_values(self) -> bool {
        self != Weakness::Keys
    }
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
    #[expect(clippy::new_ret_no_self, reason = "a table lives behind a counted reference")]
    #[inline]
    pub fn new(cx: Cx) -> Value {
        Self::allocate(cx.heap(), 0, ROOT)
    }

    /// An empty table with room for `array` positional and `fields` keyed entries.
    pub fn with_capacity(cx: Cx, array: usize, fields: usize) -> Value {
        Self::in_heap(cx.heap(), array, fields)
    }

    pub fn in_heap(heap: &Heap, array: usize, fields: usize) -> Value {
        let inline = u8::try_from(fields).unwrap_or(0);
        let value = Self::allocate(heap, inline, ROOT);
        if let Some(table) = value.as_table() {
            if array > 0 {
                table.reserve_array(array);
            }
            if fields > usize::from(u8::MAX) {
                table.become_dict(fields);
            }
        }
        value
    }

    /// Drops the array and the metatable of a table that is being destroyed.
    #[inline(never)]
    fn drop_rest(&self) {
        drop(self.take_array());
        self.set_metatable(Value::NIL);
    }

    /// A table with `inline` slots, all nil.
    #[inline]
    fn allocate(heap: &Heap, inline: u8, shape: ShapeId) -> Value {
        // SAFETY: so many slots are written.
        unsafe {
            Self::allocate_filled(heap, inline, shape, |slots| {
                for index in 0..usize::from(inline) {
                    slots.add(index).write(Value::NIL);
                }
            })
        }
    }

    /// A table with `inline` slots.
    ///
    /// # Safety
    /// `fill` writes each of them, as tables of that shape have them, and does nothing else.
    #[inline]
    unsafe fn allocate_filled(
        heap: &Heap,
        inline: u8,
        shape: ShapeId,
        fill: impl FnOnce(NonNull<Value>),
    ) -> Value {
        let layout = Self::layout(inline);
        // SAFETY: the layout is never empty.
        let memory = unsafe { std::alloc::alloc(layout) };
        let Some(object) = NonNull::new(memory.cast::<Table>()) else { handle_alloc_error(layout) };
        // SAFETY: fresh memory for the table and its slots.
        unsafe {
            let slots = object.add(1).cast::<Value>();
            object.write(Table {
                container: Container::new(Tag::Table, shape),
                array_length: Cell::new(0),
                slot_capacity: Cell::new(inline),
                array_exponent: Cell::new(0),
                inline_capacity: inline,
                slots: Cell::new(slots.as_ptr()),
                array: Cell::new(std::ptr::null_mut()),
                metatable: Cell::new(None),
            });
            fill(slots);
            heap.admit(Tag::Table, object.cast())
        }
    }

    #[inline]
    fn layout(inline: u8) -> Layout {
        let size = size_of::<Table>() + usize::from(inline) * size_of::<Value>();
        Layout::from_size_align(size, align_of::<Table>()).unwrap_or(Layout::new::<Table>())
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
            None if self.shape() == DICTIONARY => self.get_other(&Value::int(key)),
            None => Value::NIL,
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

    /// The metatable, or nil.
    #[inline]
    pub fn metatable(&self) -> Value {
        match self.metatable.get() {
            None => Value::NIL,
            Some(metatable) => {
                // SAFETY: this table owns a count of its metatable; the value gets one of its own.
                unsafe {
                    Header::retain(metatable.cast());
                    Value::from_object(Tag::Table, metatable.cast())
                }
            }
        }
    }

    /// The metatable, for a look that runs no Lua code.
    #[inline]
    pub(crate) fn metatable_ref(&self) -> Option<&Table> {
        // SAFETY: this table owns a count of its metatable, and the borrow ends before anything can
        // set another (callers run no Lua code).
        self.metatable.get().map(|metatable| unsafe { metatable.as_ref() })
    }

    #[inline(always)]
    pub fn has_metatable(&self) -> bool {
        self.metatable.get().is_some()
    }

    /// Sets the metatable: a table or nil.
    pub fn set_metatable(&self, metatable: Value) {
        let object = metatable.object().filter(|_| metatable.tag() == Tag::Table).map(NonNull::cast);
        // The count goes from the value to the table.
        std::mem::forget(metatable);
        if let Some(before) = self.metatable.replace(object) {
            // SAFETY: the table owned this count.
            unsafe { Header::release(before.cast()) };
        }
    }

    /// The metamethod `event` of this table, nil if there is none.
    #[inline]
    pub fn metamethod(&self, event: Event) -> Value {
        match self.metatable_ref() {
            Some(metatable) if metatable.may_have(event) => metatable.get_str(event.key()),
            _ => Value::NIL,
        }
    }

    /// Whether this table, as a metatable, may have a metamethod.
    #[inline]
    pub(crate) fn may_have(&self, event: Event) -> bool {
        shape::may_have(self.shape(), event)
    }

    /// Whether reads of absent fields may be answered by a metamethod.
    #[inline]
    pub(crate) fn may_delegate(&self, event: Event) -> bool {
        self.metatable_ref().is_some_and(|metatable| metatable.may_have(event))
    }

    #[inline(always)]
    pub fn is_frozen(&self) -> bool {
        self.container.header.has(flag::FROZEN)
    }

    /// Whether a finalizer shall run before the table is freed.
    pub(crate) fn is_finalizable(&self) -> bool {
        self.container.header.has(flag::FINALIZABLE)
    }

    pub(crate) fn set_finalizable(&self, is_finalizable: bool) {
        if is_finalizable {
            self.container.header.set(flag::FINALIZABLE);
        } else {
            self.container.header.unset(flag::FINALIZABLE);
        }
    }

    pub fn freeze(&self) {
        self.container.header.set(flag::FROZEN);
    }

    /// Which of its references its metatable says are weak.
    pub(crate) fn weakness(&self) -> Option<Weakness> {
        let mode = self.metamethod(Event::Mode);
        let mode = mode.as_bytes()?;
        match (mode.contains(&b'k'), mode.contains(&b'v')) {
            (true, true) => Some(Weakness::Both),
            (true, false) => Some(Weakness::Keys),
            (false, true) => Some(Weakness::Values),
            (false, false) => None,
        }
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
