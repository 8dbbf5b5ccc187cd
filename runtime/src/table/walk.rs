//! Walking a table: the array part in order, then the fields in the order they were added.

use super::shape::{self, Text};
use super::{KeyFault, Table, Weakness, integral};
use crate::value::{Tag, Value};

/// Where a walk goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    in_fields: bool,
    index: usize,
}

impl Cursor {
    fn element(index: usize) -> Cursor {
        Cursor { in_fields: false, index }
    }

    fn field(index: usize) -> Cursor {
        Cursor { in_fields: true, index }
    }
}

impl Table {
    /// The entry at or behind the cursor, which moves behind it; `None` at the end.
    #[inline]
    pub fn step(&self, cursor: &mut Cursor) -> Option<(Value, Value)> {
        if !cursor.in_fields {
            for (index, value) in self.array_part().iter().enumerate().skip(cursor.index) {
                if !value.is_nil() {
                    *cursor = Cursor::element(index + 1);
                    return Some((
                        Value::int(i64::try_from(index + 1).unwrap_or(i64::MAX)),
                        value.duplicate(),
                    ));
                }
            }
            *cursor = Cursor::field(0);
        }
        self.step_fields(cursor)
    }

    fn step_fields(&self, cursor: &mut Cursor) -> Option<(Value, Value)> {
        if let Some(dict) = self.dict() {
            let entries = dict.entries().iter().enumerate().skip(cursor.index);
            let (index, (key, value)) = entries.into_iter().find(|(_, (_, value))| !value.is_nil())?;
            *cursor = Cursor::field(index + 1);
            return Some((key.duplicate(), value.duplicate()));
        }
        let keys = shape::get(self.shape()).keys().iter().enumerate().skip(cursor.index);
        for (index, key) in keys {
            let value = self.slot(index);
            if !value.is_nil() {
                *cursor = Cursor::field(index + 1);
                return Some((Value::static_str(key), value.duplicate()));
            }
        }
        None
    }

    /// The entry after `key` (nil: the first); `None` at the end.
    ///
    /// # Errors
    /// A key that is not in the table.
    pub fn next(&self, key: &Value) -> Result<Option<(Value, Value)>, KeyFault> {
        let mut cursor = self.behind(key)?;
        Ok(self.step(&mut cursor))
    }

    /// The cursor behind a key. A key whose entry was cleared during the walk is still known.
    fn behind(&self, key: &Value) -> Result<Cursor, KeyFault> {
        let key = integral(key).map_or_else(|| key.duplicate(), Value::int);
        if key.is_nil() {
            return Ok(Cursor::default());
        }
        let integer = key.as_int();
        if let Some(integer) = integer.filter(|integer| self.element(*integer).is_some()) {
            return Ok(Cursor::element(usize::try_from(integer).unwrap_or(0)));
        }
        let field = match self.dict() {
            Some(dict) => dict.position(&key),
            None => Text::of(&key).and_then(|text| self.find_slot(text)),
        };
        if let Some(field) = field {
            return Ok(Cursor::field(field + 1));
        }
        let room = i64::try_from(self.array_capacity()).unwrap_or(i64::MAX);
        if integer.is_some_and(|integer| (1..=room).contains(&integer)) {
            // An element at the end that was cleared while the array part was being walked.
            return Ok(Cursor::field(0));
        }
        Err(KeyFault::Unknown)
    }

    /// Every entry with a value, array part first, then the fields in the order they were added.
    pub fn entries(&self) -> Vec<(Value, Value)> {
        let mut entries = Vec::new();
        let mut cursor = Cursor::default();
        while let Some(entry) = self.step(&mut cursor) {
            entries.push(entry);
        }
        entries
    }

    /// Shows every entry that may refer to an object, for the collector.
    pub(crate) fn visit_entries(&self, visit: &mut dyn FnMut(&Value, &Value)) {
        self.array_part().iter().for_each(|value| visit(&Value::NIL, value));
        match self.dict() {
            None => self.slot_part().iter().for_each(|value| visit(&Value::NIL, value)),
            Some(dict) => dict.entries().iter().for_each(|(key, value)| visit(key, value)),
        }
    }

    /// Shows what this table, which is weak, nevertheless keeps alive. (What the values of weak keys
    /// need is the collector's to find out.)
    pub(crate) fn trace_strong(&self, weakness: Weakness, visit: &mut dyn FnMut(&Value)) {
        visit(&self.metatable());
        match weakness {
            Weakness::Both => {}
            Weakness::Values => self.visit_entries(&mut |key, _| visit(key)),
            // Values whose key is no object are kept.
            Weakness::Keys => self.visit_entries(&mut |key, value| {
                if key.tag() < Tag::Table {
                    visit(value);
                }
            }),
        }
    }

    /// Takes out every entry that `is_gone` says so of; nil stands for keys that are no objects.
    pub(crate) fn remove_where(
        &self,
        is_gone: &mut dyn FnMut(&Value, &Value) -> bool,
    ) -> Vec<(Value, Value)> {
        let mut removed = Vec::new();
        for key in (1..=self.length()).rev() {
            let value = self.get_int(key);
            if is_gone(&Value::NIL, &value) {
                self.set_int(key, Value::NIL);
                removed.push((Value::NIL, value));
            }
        }
        if let Some(dict) = self.dict_mut() {
            removed.extend(dict.remove_where(is_gone));
            return removed;
        }
        for (slot, key) in shape::get(self.shape()).keys().iter().enumerate() {
            let value = self.slot(slot).duplicate();
            if is_gone(&Value::NIL, &value) {
                self.set_named(Value::static_str(key), Value::NIL);
                removed.push((Value::NIL, value));
            }
        }
        removed
    }
}
