//! The raw table: an array part, an ordered hash part and a metatable. No metamethods here (`ops`).
//!
//! Invariants: keys `1..=array.len()` live in the array part and nowhere else; the array's last
//! element is never nil; key `array.len() + 1` is absent from the hash part; float keys with an
//! integral value are stored as integers; no key is nil or NaN.

mod hash;

use std::cell::UnsafeCell;

use crate::cx::Cx;
use crate::heap::{Gc, Heap, Object};
use crate::string::StaticStr;
use crate::value::{Tag, Value};
use hash::HashPart;

/// A Lua table on the heap.
#[repr(C)]
pub struct Table {
    header: Object,
    body: UnsafeCell<Body>,
}

#[derive(Default)]
struct Body {
    array: Vec<Value>,
    hash: HashPart,
    metatable: Value,
    frozen: bool,
}

/// Why a raw write was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    Nil,
    Nan,
    /// `next` was given a key that is not in the table.
    Unknown,
}

// SAFETY: repr(C), header first, allocated through the heap.
unsafe impl Gc for Table {
    const TAG: Tag = Tag::Table;
    fn clear(&self) {
        let body = self.with(std::mem::take);
        drop(body);
    }
}

impl Table {
    #[expect(clippy::new_ret_no_self, reason = "a table lives behind a counted reference")]
    pub fn new(cx: Cx) -> Value {
        Self::in_heap(cx.heap(), 0, 0)
    }

    /// An empty table with room for `array` positional and `hash` keyed entries.
    pub fn with_capacity(cx: Cx, array: usize, hash: usize) -> Value {
        Self::in_heap(cx.heap(), array, hash)
    }

    pub fn in_heap(heap: &Heap, array: usize, hash: usize) -> Value {
        let body = Body {
            array: Vec::with_capacity(array),
            hash: HashPart::with_capacity(hash),
            metatable: Value::NIL,
            frozen: false,
        };
        heap.allocate(Table { header: Object::header(Tag::Table), body: UnsafeCell::new(body) })
    }

    /// The one door to the body. Callers run no Lua code and touch no other reference to this body
    /// inside `work`; dropping a value frees memory but never calls back into Lua.
    #[inline]
    fn with<R>(&self, work: impl FnOnce(&mut Body) -> R) -> R {
        // SAFETY: one thread at a time owns a process's values, no reference leaves `work`, and
        // nothing inside re-enters this table (see above).
        work(unsafe { &mut *self.body.get() })
    }

    /// `t[key]` without metamethods.
    #[inline]
    pub fn get(&self, key: &Value) -> Value {
        match key.tag() {
            Tag::Integer => self.get_int(key.as_int().unwrap_or_default()),
            Tag::Float => match integral(key) {
                Some(integer) => self.get_int(integer),
                None => self.with(|body| body.hash.get(key)),
            },
            Tag::Nil => Value::NIL,
            _ => self.with(|body| body.hash.get(key)),
        }
    }

    #[inline]
    pub fn get_int(&self, key: i64) -> Value {
        self.with(|body| match array_index(key, body.array.len()) {
            Some(index) => body.array.get(index).cloned().unwrap_or_default(),
            None => body.hash.get(&Value::int(key)),
        })
    }

    /// A look-up by a literal.
    #[inline]
    pub fn get_str(&self, key: &'static StaticStr) -> Value {
        self.get(&Value::static_str(key))
    }

    /// The metamethod `event` of this table, nil if there is none.
    pub fn metamethod(&self, event: crate::ops::Event) -> Value {
        let metatable = self.metatable();
        metatable.as_table().map(|metatable| metatable.get_str(event.key())).unwrap_or_default()
    }

    /// A look-up by text, for the runtime's own use.
    pub fn get_text(&self, key: &str) -> Value {
        self.get(&Value::string(key))
    }

    /// `t[key] = value` without metamethods; nil removes.
    ///
    /// # Errors
    /// A nil or NaN key.
    #[inline]
    pub fn set(&self, key: Value, value: Value) -> Result<(), KeyFault> {
        match key.tag() {
            Tag::Integer => self.set_int(key.as_int().unwrap_or_default(), value),
            Tag::Nil => return Err(KeyFault::Nil),
            Tag::Float => {
                if key.as_float().is_some_and(f64::is_nan) {
                    return Err(KeyFault::Nan);
                }
                match integral(&key) {
                    Some(integer) => self.set_int(integer, value),
                    None => drop(self.with(|body| body.hash.set(key, value))),
                }
            }
            _ => drop(self.with(|body| body.hash.set(key, value))),
        }
        Ok(())
    }

    pub fn set_int(&self, key: i64, value: Value) {
        // The replaced value is dropped outside of `with`, when the table is consistent again.
        let old = self.with(|body| {
            let length = body.array.len();
            if let Some(index) = array_index(key, length) {
                let last = index + 1 == length;
                let old = body.array.get_mut(index).map(|slot| std::mem::replace(slot, value));
                if last {
                    while body.array.last().is_some_and(Value::is_nil) {
                        body.array.pop();
                    }
                }
                return old.unwrap_or_default();
            }
            if array_index(key, length + 1).is_some() {
                if value.is_nil() {
                    return Value::NIL;
                }
                body.array.push(value);
                body.migrate();
                return Value::NIL;
            }
            body.hash.set(Value::int(key), value)
        });
        drop(old);
    }

    /// Puts `value` in front of element `position`, which is in `1..=length + 1`.
    pub fn insert(&self, position: i64, value: Value) {
        let index = self.with(|body| array_index(position, body.array.len()));
        match index {
            Some(index) => self.with(|body| {
                body.array.insert(index, value);
                body.migrate();
            }),
            None => self.set_int(position, value),
        }
    }

    /// Takes out element `position` and closes the gap. Beyond the array part there is no gap.
    pub fn remove(&self, position: i64) -> Value {
        let removed = self.with(|body| {
            let index = array_index(position, body.array.len())?;
            let removed = body.array.remove(index);
            while body.array.last().is_some_and(Value::is_nil) {
                body.array.pop();
            }
            Some(removed)
        });
        removed.unwrap_or_else(|| {
            let removed = self.get_int(position);
            self.set_int(position, Value::NIL);
            removed
        })
    }

    /// Sets a field by text, for the runtime's own use.
    pub fn set_text(&self, key: &str, value: Value) {
        // A string is never a refused key.
        let _ = self.set(Value::string(key), value);
    }

    /// Appends after the last element of the array part, nil included (constructors).
    pub fn push(&self, value: Value) {
        let length = i64::try_from(self.with(|body| body.array.len())).unwrap_or(i64::MAX);
        self.set_int(length.saturating_add(1), value);
    }

    /// Stores positional constructor items `first..`, holes included.
    pub fn set_list(&self, first: i64, values: impl IntoIterator<Item = Value>) {
        let values: Vec<Value> = values.into_iter().collect();
        let fits = self.with(|body| array_index(first, body.array.len() + 1) == Some(body.array.len()));
        if !fits {
            for (value, key) in values.into_iter().zip(first..) {
                self.set_int(key, value);
            }
            return;
        }
        self.with(|body| {
            body.array.extend(values);
            while body.array.last().is_some_and(Value::is_nil) {
                body.array.pop();
            }
            body.migrate();
        });
    }

    /// A border: what `#t` gives without `__len`.
    #[inline]
    pub fn length(&self) -> i64 {
        self.with(|body| i64::try_from(body.array.len()).unwrap_or(i64::MAX))
    }

    /// The entry after `key` (nil: the first); `None` at the end.
    ///
    /// # Errors
    /// A key that is not in the table.
    pub fn next(&self, key: &Value) -> Result<Option<(Value, Value)>, KeyFault> {
        self.with(|body| {
            let key = integral(key).map_or_else(|| key.clone(), Value::int);
            let (array_from, hash_from) = if key.is_nil() {
                (0, 0)
            } else if let Some(index) = key.as_int().and_then(|key| array_index(key, body.array.len())) {
                (index + 1, 0)
            } else if let Some(index) = body.hash.position(&key) {
                (body.array.len(), index + 1)
            } else if key.as_int().and_then(|key| array_index(key, body.array.capacity())).is_some() {
                // An element that was cleared while the array part was being walked.
                (body.array.len(), 0)
            } else {
                return Err(KeyFault::Unknown);
            };
            for (index, value) in body.array.iter().enumerate().skip(array_from) {
                if !value.is_nil() {
                    let key = Value::int(i64::try_from(index + 1).unwrap_or(i64::MAX));
                    return Ok(Some((key, value.clone())));
                }
            }
            Ok(body.hash.entry_from(hash_from))
        })
    }

    /// Every entry with a value, array part first, then in order of insertion.
    pub fn entries(&self) -> Vec<(Value, Value)> {
        let mut entries = Vec::new();
        let mut key = Value::NIL;
        while let Ok(Some((next, value))) = self.next(&key) {
            key = next.clone();
            entries.push((next, value));
        }
        entries
    }

    /// A copy of the array part.
    pub fn array(&self) -> Vec<Value> {
        self.with(|body| body.array.clone())
    }

    /// The metatable, or nil.
    #[inline]
    pub fn metatable(&self) -> Value {
        self.with(|body| body.metatable.clone())
    }

    #[inline]
    pub fn has_metatable(&self) -> bool {
        self.with(|body| !body.metatable.is_nil())
    }

    pub fn set_metatable(&self, metatable: Value) {
        drop(self.with(|body| std::mem::replace(&mut body.metatable, metatable)));
    }

    pub fn is_frozen(&self) -> bool {
        self.with(|body| body.frozen)
    }

    pub fn freeze(&self) {
        self.with(|body| body.frozen = true);
    }
}

impl Body {
    /// Moves keys that now follow the array part out of the hash part.
    fn migrate(&mut self) {
        if self.hash.is_empty() {
            return;
        }
        loop {
            let next = i64::try_from(self.array.len() + 1).unwrap_or(i64::MAX);
            let value = self.hash.set(Value::int(next), Value::NIL);
            if value.is_nil() {
                return;
            }
            self.array.push(value);
        }
    }
}

/// The position of key `key` in an array part of `length` elements.
#[inline]
fn array_index(key: i64, length: usize) -> Option<usize> {
    let index = usize::try_from(key.wrapping_sub(1)).ok()?;
    (index < length).then_some(index)
}

/// A float key that means an integer key.
#[inline]
fn integral(key: &Value) -> Option<i64> {
    let float = key.as_float()?;
    crate::ops::number::float_to_int(float)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn float_keys_with_integral_values_are_integer_keys() {
        with_cx(|cx| {
            let value = Table::new(cx);
            let table = value.as_table().unwrap();
            table.set(Value::float(1.0), Value::TRUE).unwrap();
            assert_eq!(table.get_int(1).as_bool(), Some(true));
            assert_eq!(table.length(), 1);
            assert_eq!(table.set(Value::NIL, Value::TRUE), Err(KeyFault::Nil));
            assert_eq!(table.set(Value::float(f64::NAN), Value::TRUE), Err(KeyFault::Nan));
        });
    }

    #[test]
    fn keys_move_into_the_array_part_when_the_gap_closes() {
        with_cx(|cx| {
            let value = Table::new(cx);
            let table = value.as_table().unwrap();
            for key in [3, 2, 1] {
                table.set_int(key, Value::int(key * 10));
            }
            assert_eq!(table.length(), 3);
            let keys: Vec<_> = table.entries().iter().map(|(key, _)| key.as_int().unwrap()).collect();
            assert_eq!(keys, [1, 2, 3]);
        });
    }

    #[test]
    fn a_walk_may_clear_what_it_visits() {
        with_cx(|cx| {
            let value = Table::new(cx);
            let table = value.as_table().unwrap();
            for key in 1..=20 {
                table.set_int(key, Value::TRUE);
                table.set_text(&format!("k{key}"), Value::TRUE);
            }
            let (mut key, mut visited) = (Value::NIL, 0);
            while let Some((next, _)) = table.next(&key).unwrap() {
                table.set(next.clone(), Value::NIL).unwrap();
                key = next;
                visited += 1;
            }
            assert_eq!((visited, table.length()), (40, 0));
            assert!(table.next(&Value::NIL).unwrap().is_none());
            assert_eq!(table.next(&Value::string("absent")).unwrap_err(), KeyFault::Unknown);
        });
    }

    #[test]
    fn many_keys_survive_growth_and_removal() {
        with_cx(|cx| {
            let value = Table::new(cx);
            let table = value.as_table().unwrap();
            for round in 0..3 {
                for key in 0..1000 {
                    table.set_text(&format!("k{key}"), Value::int(key + round));
                }
                for key in (0..1000).step_by(2) {
                    table.set_text(&format!("k{key}"), Value::NIL);
                }
            }
            assert_eq!(table.entries().len(), 500);
            assert_eq!(table.get_text("k1").as_int(), Some(3));
            assert!(table.get_text("k2").is_nil());
        });
    }
}
