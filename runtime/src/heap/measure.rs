//! What a process takes, found by a walk over its containers.

use crate::heap::{Heap, object};
use crate::string::{HEADER_SIZE, LuaStr};
use crate::value::Value;

/// Looking at so many values takes as long as looking at a container.
const VALUES: usize = 8;

/// What a walk adds up.
pub struct Tally {
    /// Strings of so many bytes and more are left out.
    below: usize,
    bytes: f64,
    containers: usize,
    values: usize,
}

impl Tally {
    fn new(below: usize) -> Tally {
        Tally { below, bytes: 0.0, containers: 0, values: 0 }
    }

    /// What something takes.
    pub fn add(&mut self, bytes: usize) {
        self.bytes += as_float(bytes);
    }

    /// A value that something holds. A string that several hold is counted in shares.
    pub fn value(&mut self, value: &Value) {
        self.values += 1;
        if let Some(string) = value.as_lua_str().filter(|string| string.room() < self.below) {
            self.bytes += as_float(size(string)) / f64::from(string.count());
        }
    }

    pub fn values<'a>(&mut self, values: impl IntoIterator<Item = &'a Value>) {
        values.into_iter().for_each(|value| self.value(value));
    }

    pub fn bytes(&self) -> f64 {
        self.bytes
    }

    /// How long the walk took, in containers looked at.
    pub fn looks(&self) -> usize {
        self.containers + self.values / VALUES
    }
}

/// What a string takes.
fn size(string: &LuaStr) -> usize {
    string.bytes().len() + HEADER_SIZE
}

/// What small strings among `values` take that are on their way, so that nobody shares them.
pub(crate) fn small_strings(values: &[Value]) -> usize {
    let small = |value: &Value| {
        let string = value.as_lua_str().filter(|string| string.room() < super::counted::LARGE)?;
        Some(size(string))
    };
    values.iter().filter_map(small).sum()
}

impl Heap {
    /// What the containers take, and the strings they hold, but for strings of `below` bytes and more.
    pub fn measure(&self, below: usize) -> Tally {
        let mut tally = Tally::new(below);
        let mut cursor = self.first();
        while let Some(container) = cursor {
            tally.containers += 1;
            // SAFETY: members of the ring are alive; looking changes nothing.
            unsafe {
                tally.add(object::size(container));
                object::trace(container, &mut |value| tally.value(value));
                object::weigh(container, &mut tally);
            }
            cursor = self.after(container);
        }
        tally
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
fn as_float(size: usize) -> f64 {
    size as f64
}
