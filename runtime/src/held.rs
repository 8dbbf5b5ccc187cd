//! Cells whose contents are looked at where they are, without a count of who looks: nothing that
//! happens meanwhile may come back to the cell, which is empty for that long.

use std::cell::Cell;

use crate::value::Value;

/// Works on what a cell holds; nothing inside `work` comes back to the cell.
#[inline]
pub(crate) fn with<T: Default, R>(cell: &Cell<T>, work: impl FnOnce(&mut T) -> R) -> R {
    let mut held = cell.take();
    let result = work(&mut held);
    cell.set(held);
    result
}

/// A value that something of ours holds until it is cleared.
#[derive(Default)]
pub struct Held(Cell<Value>);

impl Held {
    pub fn new(value: Value) -> Held {
        Held(Cell::new(value))
    }

    #[inline]
    pub fn get(&self) -> Value {
        self.with(Value::clone)
    }

    /// Puts another value in its place.
    pub fn replace(&self, value: Value) -> Value {
        self.0.replace(value)
    }

    /// Shows the value to `work`, during which it is nowhere else.
    #[inline]
    pub fn with<R>(&self, work: impl FnOnce(&Value) -> R) -> R {
        with(&self.0, |value| work(value))
    }

    pub fn clear(&self) {
        drop(self.0.take());
    }
}
