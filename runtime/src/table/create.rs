//! Making tables: the header, and the slots for the fields it is known to get, in one allocation.

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

use super::Table;
use super::shape::{ROOT, ShapeId};
use crate::cx::Cx;
use crate::heap::{Container, Heap};
use crate::value::{Tag, Value};

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

    /// A table with `inline` slots, all nil.
    #[inline]
    pub(super) fn allocate(heap: &Heap, inline: u8, shape: ShapeId) -> Value {
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
    pub(super) unsafe fn allocate_filled(
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
    pub(super) fn layout(inline: u8) -> Layout {
        let size = size_of::<Table>() + usize::from(inline) * size_of::<Value>();
        Layout::from_size_align(size, align_of::<Table>()).unwrap_or(Layout::new::<Table>())
    }
}
