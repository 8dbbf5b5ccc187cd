//! What a table's metatable and its marks say: metamethods, weakness, finalizers, whether it is frozen.

use std::ptr::NonNull;

use super::{Table, shape};
use crate::heap::{Header, flag};
use crate::ops::Event;
use crate::value::{Tag, Value};

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

impl Table {
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
}
