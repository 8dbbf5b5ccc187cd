//! Fields: string keys in slots by shape, and every other key in a dictionary.

use std::alloc::{Layout, handle_alloc_error};

use super::Table;
use super::array::stored;
use super::cache::Key;
use super::dict::Dict;
use super::shape::{self, DICTIONARY, ROOT, ShapeId, Text};
use crate::heap::{flag, long};
use crate::ops::Event;
use crate::value::Value;

impl Table {
    /// Whether anything may be outside of the array part.
    #[inline]
    pub(crate) fn has_fields(&self) -> bool {
        self.shape() != ROOT
    }

    /// The slot of a field, if the key's cache knows it.
    #[inline(always)]
    pub(crate) fn cached(&self, key: &'static Key) -> Option<&Value> {
        let slot = key.slot_in(self.shape())?;
        // SAFETY: tables of this shape have this slot: what caches learn stays true.
        Some(unsafe { &*self.slots.get().add(slot) })
    }

    /// Replaces a field that is there, if the key's cache knows it; the old value.
    #[inline]
    pub(crate) fn replace_cached(&self, key: &'static Key, value: Value) -> Result<Value, Value> {
        match key.slot_in(self.shape()) {
            // SAFETY: as in `cached`; the old value is dropped by the caller, after the write.
            Some(slot) => Ok(unsafe { std::mem::replace(&mut *self.slots.get().add(slot), value) }),
            None => Err(value),
        }
    }

    /// Adds a field, if the key's cache knows the shape that makes and there is room.
    #[inline]
    pub(crate) fn add_cached(&self, key: &'static Key, value: Value) -> Result<(), Value> {
        let Some(next) = key.extension_of(self.shape()) else { return Err(value) };
        match key.slot_in(next) {
            Some(slot) if slot < usize::from(self.slot_capacity.get()) => {
                // SAFETY: below the capacity, and nil: no field of the old shape has this slot.
                unsafe { self.slots.get().add(slot).write(value) };
                self.container.header.set_extra(next);
                Ok(())
            }
            _ => Err(value),
        }
    }

    /// The field of that name; `key` is the same name as a value.
    #[inline]
    pub(super) fn get_field(&self, text: Text<'_>, key: &Value) -> Value {
        match self.dict() {
            Some(dict) => dict.get_text(key, &text).cloned().unwrap_or_default(),
            None => self.find_slot(text).map_or(Value::NIL, |slot| self.slot(slot).clone()),
        }
    }

    /// Where a field is in the slots.
    #[inline]
    pub(crate) fn find_slot(&self, text: Text<'_>) -> Option<usize> {
        match self.shape() {
            DICTIONARY | ROOT => None,
            shape => shape::get(shape).find(text),
        }
    }

    /// # Panics
    /// Never: the callers' slots come from this table's shape.
    #[inline(always)]
    pub(crate) fn slot(&self, slot: usize) -> &Value {
        debug_assert!(slot < usize::from(self.slot_capacity.get()));
        // SAFETY: every slot of the shape is below the capacity.
        unsafe { &*self.slots.get().add(slot) }
    }

    /// A look-up by a constant key that teaches its cache.
    pub(crate) fn get_key(&self, key: &'static Key) -> Value {
        let text = Text::literal(key.text());
        if self.shape() == DICTIONARY {
            return self.get_field(text, &Value::static_str(key.text()));
        }
        match self.find_slot(text) {
            Some(slot) => {
                key.learn_slot(self.shape(), slot);
                self.slot(slot).clone()
            }
            None => Value::NIL,
        }
    }

    /// Sets a field by a constant key and teaches its cache.
    pub(crate) fn set_key(&self, key: &'static Key, value: Value) {
        let before = self.shape();
        self.set_named(Value::static_str(key.text()), value);
        let after = self.shape();
        if after == DICTIONARY {
            return;
        }
        if before != after {
            key.learn_extension(before, after);
        }
        if let Some(slot) = self.find_slot(Text::literal(key.text())) {
            key.learn_slot(after, slot);
        }
    }

    /// As [`Table::try_set_named`], for the runtime's own tables and for fields that the program names, which are
    /// not many.
    pub(crate) fn set_named(&self, key: Value, value: Value) {
        stored(self.try_set_named(key, value));
    }

    /// As [`Table::set_text`], by a name that the runtime gives: it gets a slot however many fields there are.
    pub(crate) fn set_name(&self, name: &'static str, value: Value) {
        if self.shape() == DICTIONARY {
            self.set_text(name, value);
        } else if let Err(value) = self.set_slot(Text::name(name), value) {
            self.set_text(name, value);
        }
    }

    /// Sets a field; `key` is a string. False if there is no memory for it.
    #[must_use]
    pub(super) fn try_set_named(&self, key: Value, value: Value) -> bool {
        if self.shape() == DICTIONARY {
            return self.set_in_dict(key, value);
        }
        let Some(text) = Text::of(&key) else { return true };
        match self.set_slot(text, value) {
            Ok(()) => true,
            Err(value) => {
                self.become_dict(0);
                self.set_in_dict(key, value)
            }
        }
    }

    /// Sets a field of a table with a shape; gives the value back if that shall not have one more.
    fn set_slot(&self, text: Text<'_>, value: Value) -> Result<(), Value> {
        if let Some(slot) = self.find_slot(text) {
            // SAFETY: a slot of the shape; the old value is dropped after the write.
            drop(unsafe { std::mem::replace(&mut *self.slots.get().add(slot), value) });
        } else if !value.is_nil() {
            let shape = self.shape();
            let Some(next) = shape::extend(shape, text) else { return Err(value) };
            self.add_field(shape::get(shape).keys().len(), next, value);
        }
        Ok(())
    }

    /// Sets an entry that only a dictionary can have; false if there is no memory for it.
    #[must_use]
    pub(super) fn set_other(&self, key: Value, value: Value) -> bool {
        if self.shape() != DICTIONARY {
            if value.is_nil() {
                return true;
            }
            self.become_dict(0);
        }
        self.set_in_dict(key, value)
    }

    pub(super) fn set_in_dict(&self, key: Value, value: Value) -> bool {
        let Some(dict) = self.dict_mut() else { return true };
        if let Some(place) = dict.get_mut(&key) {
            let old = std::mem::replace(place, value);
            drop(old);
            return true;
        }
        if value.is_nil() {
            return true;
        }
        match dict.insert(key, value) {
            Ok(()) => true,
            Err((key, value)) => self.set_in_full(key, value),
        }
    }

    fn add_field(&self, slot: usize, next: ShapeId, value: Value) {
        if slot >= usize::from(self.slot_capacity.get()) {
            self.grow_slots();
        }
        // SAFETY: below the capacity now, and nil.
        unsafe { self.slots.get().add(slot).write(value) };
        self.container.header.set_extra(next);
    }

    /// Twice as many slots, on their own.
    fn grow_slots(&self) {
        let before = self.slot_capacity.get();
        let after = before.saturating_mul(2).max(4);
        let layout = slot_layout(after);
        // SAFETY: the layout is not empty; the slots move, and the new ones are nil.
        unsafe {
            let memory = std::alloc::alloc(layout).cast::<Value>();
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            std::ptr::copy_nonoverlapping(self.slots.get(), memory, usize::from(before));
            for slot in before..after {
                memory.add(usize::from(slot)).write(Value::NIL);
            }
            self.free_slots();
            self.slots.set(memory);
        }
        self.container.header.set(flag::OUTSIDE);
        self.slot_capacity.set(after);
    }

    /// Gives back the memory of slots that are on their own. Their values were moved or dropped.
    fn free_slots(&self) {
        if self.container.header.has(flag::OUTSIDE) {
            // SAFETY: allocated by `grow_slots` with this layout.
            unsafe { std::alloc::dealloc(self.slots.get().cast(), slot_layout(self.slot_capacity.get())) };
            self.container.header.unset(flag::OUTSIDE);
        }
    }

    /// Moves all fields into a dictionary with room for so many.
    #[cold]
    pub(super) fn become_dict(&self, room: usize) {
        if self.shape() == DICTIONARY {
            return;
        }
        let shape = shape::get(self.shape());
        let mut dict = Box::new(Dict::with_capacity(room.max(shape.keys().len() + 1)));
        for (slot, key) in shape.keys().iter().enumerate() {
            let value = self.slot(slot).clone();
            if !value.is_nil() {
                stored(dict.insert(Value::static_str(key), value).is_ok());
            }
        }
        drop(self.take_fields());
        self.slots.set(Box::into_raw(dict).cast());
        self.container.header.set_extra(DICTIONARY);
    }

    /// Takes all fields out; the table has no slots then.
    pub(super) fn take_fields(&self) -> Fields {
        let fields = if self.shape() == DICTIONARY {
            // SAFETY: a dictionary table owns its `Dict`, which was a `Box`.
            Fields::Dict(unsafe { Box::from_raw(self.slots.get().cast::<Dict>()) })
        } else {
            let values = self.slot_part().iter().map(|value| {
                // SAFETY: moved out: the slots are given up below.
                unsafe { std::ptr::from_ref(value).read() }
            });
            let values: Vec<Value> =
                values.filter(|value| value.tag() >= crate::value::Tag::String).collect();
            self.free_slots();
            Fields::Values(values)
        };
        self.container.header.set_extra(ROOT);
        self.slot_capacity.set(0);
        self.slots.set(std::ptr::NonNull::dangling().as_ptr());
        fields
    }

    #[inline(never)]
    fn drop_dict(&self) {
        if self.dict().is_some_and(|dict| dict.entries().len() >= long::MANY) {
            long::ahead();
        }
        drop(self.take_fields());
    }

    /// Drops all fields where they are: the table is being destroyed.
    #[inline]
    pub(super) fn drop_fields(&self) {
        if self.shape() == DICTIONARY {
            return self.drop_dict();
        }
        let slots =
            std::ptr::slice_from_raw_parts_mut(self.slots.get(), usize::from(self.slot_capacity.get()));
        // SAFETY: so many values; nobody refers to this table any more.
        unsafe { slots.drop_in_place() };
        if self.container.header.has(flag::OUTSIDE) {
            self.free_slots();
        }
    }

    /// Whether a field may be added without asking a metamethod.
    #[inline]
    pub(crate) fn takes_new_fields(&self) -> bool {
        !self.may_delegate(Event::NewIndex)
    }
}

fn slot_layout(capacity: u8) -> Layout {
    Layout::array::<Value>(usize::from(capacity)).unwrap_or(Layout::new::<Value>())
}

/// The fields of a table that has given them up; dropping them drops the values.
#[expect(dead_code, reason = "kept only to be dropped")]
pub(super) enum Fields {
    Dict(Box<Dict>),
    Values(Vec<Value>),
}
