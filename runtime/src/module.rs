//! Library tables: frozen, static, shared by all processes.

use crate::function::FunctionDef;
use crate::string::{StaticStr, hash_bytes};
use crate::value::Value;

/// A table of the standard library or of a built-in module: `string`, `time`, the methods of a
/// channel. Lua sees a table that refuses writes. Made by the macro `library!`.
pub struct Module {
    /// `string`, `process.registry`.
    pub name: &'static str,
    /// The fields, in the order `pairs` gives.
    pub fields: &'static [ModuleField],
    /// Positions in `fields` by the names' hashes, made by [`build_index`].
    pub index: &'static [u8],
}

/// A field with its name.
pub type ModuleField = (&'static StaticStr, Field);

/// A field of a [`Module`].
#[derive(Clone, Copy)]
pub enum Field {
    Function(&'static FunctionDef),
    Int(i64),
    Float(f64),
    String(&'static StaticStr),
    Module(&'static Module),
    /// Computed on access: constants that need the process (`time.localtz`, `_G`).
    Computed(fn(crate::cx::Cx) -> Value),
}

/// No field has this hash.
const EMPTY: u8 = u8::MAX;

/// The size of the index of a module with `count` fields: at most half full.
pub const fn index_size(count: usize) -> usize {
    if count == 0 { 1 } else { (count * 2).next_power_of_two() }
}

/// The index of a module, from its names' hashes.
pub const fn build_index<const SIZE: usize>(hashes: &[u32]) -> [u8; SIZE] {
    assert!(hashes.len() < EMPTY as usize, "a module has at most 254 fields");
    let mut index = [EMPTY; SIZE];
    let mut position = 0;
    #[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; the masks bound it")]
    while position < hashes.len() {
        let mut slot = hashes[position] as usize & (SIZE - 1);
        while index[slot] != EMPTY {
            slot = (slot + 1) & (SIZE - 1);
        }
        #[expect(clippy::cast_possible_truncation, reason = "asserted above")]
        let entry = position as u8;
        index[slot] = entry;
        position += 1;
    }
    index
}

impl Module {
    /// The field of that name, nil if there is none.
    pub fn get(&self, cx: crate::cx::Cx, key: &[u8]) -> Value {
        self.field(key).map_or(Value::NIL, |field| field.value(cx))
    }

    /// The field a string value names; nil for every other value.
    #[inline]
    pub fn get_value(&self, cx: crate::cx::Cx, key: &Value) -> Value {
        if let Some(key) = key.as_static_str() {
            return self.get_str(cx, key);
        }
        let found = key.as_lua_str().and_then(|key| self.position_of(key.hash(), key.bytes()));
        found.map_or(Value::NIL, |position| self.value_at(cx, position))
    }

    /// The field of that name, nil if there is none.
    #[inline]
    pub fn get_str(&self, cx: crate::cx::Cx, key: &StaticStr) -> Value {
        let found = self.position_of(key.hash(), key.bytes());
        found.map_or(Value::NIL, |position| self.value_at(cx, position))
    }

    /// The field of that name, where it stands.
    pub(crate) fn entry(&self, key: &StaticStr) -> Option<&'static ModuleField> {
        self.fields.get(self.position_of(key.hash(), key.bytes())?)
    }

    pub fn field(&self, key: &[u8]) -> Option<Field> {
        let position = self.position(key)?;
        self.fields.get(position).map(|(_, field)| *field)
    }

    /// Where the field of that name is in `fields`.
    pub fn position(&self, key: &[u8]) -> Option<usize> {
        self.position_of(hash_bytes(key), key)
    }

    #[inline]
    fn position_of(&self, hash: u32, key: &[u8]) -> Option<usize> {
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let position = *self.index.get(slot)?;
            if position == EMPTY {
                return None;
            }
            let position = usize::from(position);
            let (name, _) = self.fields.get(position)?;
            if name.hash() == hash && name.bytes() == key {
                return Some(position);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn value_at(&self, cx: crate::cx::Cx, position: usize) -> Value {
        self.fields.get(position).map_or(Value::NIL, |(_, field)| field.value(cx))
    }
}

impl Field {
    pub fn value(self, cx: crate::cx::Cx) -> Value {
        match self {
            Field::Function(def) => Value::function(def),
            Field::Int(value) => Value::int(value),
            Field::Float(value) => Value::float(value),
            Field::String(text) => Value::static_str(text),
            Field::Module(module) => Value::module(module),
            Field::Computed(compute) => compute(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn every_field_is_found_by_its_name_and_nothing_else_is() {
        with_cx(|cx| {
            for module in crate::stdlib::AMBIENT {
                for (position, (name, _)) in module.fields.iter().enumerate() {
                    assert_eq!(module.position(name.bytes()), Some(position));
                    let fresh = Value::string(name.bytes());
                    assert!(module.get_value(cx, &fresh).is_identical(&module.get_str(cx, name)));
                }
                assert!(module.field(b"no such field").is_none());
                assert!(module.get_value(cx, &Value::int(1)).is_nil());
            }
        });
    }
}
