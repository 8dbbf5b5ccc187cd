//! Records: tables that are made with their fields, or like another one.

use super::Table;
use super::cache::{Key, KnownShape, Record};
use super::shape::{self, DICTIONARY, ROOT};
use crate::cx::Cx;
use crate::heap::Heap;
use crate::value::Value;

impl Table {
    /// A table with these fields, in one allocation.
    #[inline]
    pub fn record<I>(cx: Cx, fields: I) -> Value
    where
        I: IntoIterator<Item = (&'static Key, Value)>,
        I::IntoIter: ExactSizeIterator,
    {
        let fields = fields.into_iter();
        let inline = u8::try_from(fields.len()).unwrap_or(u8::MAX);
        let value = Table::allocate(cx.heap(), inline, ROOT);
        if let Some(table) = value.as_table() {
            for (key, field) in fields {
                if !field.is_nil() {
                    table.add_record_field(key, field);
                }
            }
        }
        value
    }

    /// As [`Table::record`], for a place that makes one kind of tables: `known` remembers their shape. The
    /// values are taken.
    #[inline]
    pub(crate) fn record_of(
        cx: Cx,
        known: &KnownShape,
        keys: impl ExactSizeIterator<Item = &'static Key>,
        values: &mut [Value],
    ) -> Value {
        let is_whole = values.iter().all(|value| !value.is_nil());
        if let Some(shape) = known.get().filter(|_| is_whole) {
            let inline = u8::try_from(values.len()).unwrap_or(u8::MAX);
            // SAFETY: the shape is of so many fields, in this order, and each slot is written.
            return unsafe {
                Table::allocate_filled(cx.heap(), inline, shape, |slots| {
                    for (slot, field) in values.iter_mut().enumerate() {
                        slots.add(slot).write(std::mem::take(field));
                    }
                })
            };
        }
        Self::record_anew(cx, known, keys, values, is_whole)
    }

    /// As [`Table::record_of`], compiled for so many fields: for places that are few.
    #[inline(always)]
    pub(crate) fn record_exact<const N: usize>(
        cx: Cx,
        record: &'static Record<N>,
        mut values: [Value; N],
    ) -> Value {
        let is_whole = values.iter().all(|value| !value.is_nil());
        match (record.shape.get().filter(|_| is_whole), u8::try_from(N)) {
            // SAFETY: the shape is of so many fields, in this order, and all slots are written.
            (Some(shape), Ok(inline)) => unsafe {
                Table::allocate_filled(cx.heap(), inline, shape, |slots| slots.cast().write(values))
            },
            _ => Self::record_anew(cx, &record.shape, record.keys.iter(), &mut values, is_whole),
        }
    }

    /// As [`Table::record_of`], where the shape is not known, or not all fields are there.
    #[inline(never)]
    fn record_anew(
        cx: Cx,
        known: &KnownShape,
        keys: impl ExactSizeIterator<Item = &'static Key>,
        values: &mut [Value],
        is_whole: bool,
    ) -> Value {
        let value = Table::record(cx, keys.zip(values.iter_mut().map(std::mem::take)));
        if let Some(table) = value.as_table().filter(|_| is_whole) {
            let shape = table.shape();
            // A name may stand twice in a constructor.
            if shape != DICTIONARY && shape::get(shape).keys().len() == values.len() {
                known.learn(shape);
            }
        }
        value
    }

    #[inline]
    fn add_record_field(&self, key: &'static Key, value: Value) {
        match self.add_cached(key, value) {
            Ok(()) => {}
            Err(value) => self.set_key(key, value),
        }
    }

    /// A table in `heap` for the fields of this one: with its shape and empty slots, unless they are in
    /// a dictionary.
    pub(crate) fn like(&self, heap: &Heap) -> Value {
        match self.shape() {
            DICTIONARY => Table::allocate(heap, 0, ROOT),
            shape => {
                let count = shape::get(shape).keys().len();
                Table::allocate(heap, u8::try_from(count).unwrap_or(u8::MAX), shape)
            }
        }
    }

    /// Fills the fields of a table made by [`Table::like`] with what `copy` makes of this one's.
    pub(crate) fn copy_fields(&self, original: &Table, mut copy: impl FnMut(&Value) -> Value) {
        if let Some(dict) = original.dict() {
            for (key, value) in dict.entries().iter().filter(|(_, value)| !value.is_nil()) {
                let (key, value) = (copy(key), copy(value));
                // A key that turned into nil on the way (a function, a channel) takes its entry along.
                let _ = self.set(key, value);
            }
            return;
        }
        for slot in 0..shape::get(self.shape()).keys().len() {
            let value = copy(original.slot(slot));
            // SAFETY: a slot of the shape, which both have, and nil until now.
            unsafe { self.slots.get().add(slot).write(value) };
        }
    }
}
