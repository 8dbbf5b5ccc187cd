//! Library tables: frozen, static, shared by all processes.

use crate::function::FunctionDef;
use crate::string::StaticStr;
use crate::value::Value;

/// A table of the standard library or of a built-in module: `string`, `time`, the methods of a
/// channel. Lua sees a table that refuses writes.
pub struct Module {
    /// `string`, `process.registry`.
    pub name: &'static str,
    /// The fields, in the order `pairs` gives.
    pub fields: &'static [(&'static StaticStr, Field)],
}

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

impl Module {
    /// The field of that name, nil if there is none.
    pub fn get(&self, cx: crate::cx::Cx, key: &[u8]) -> Value {
        self.field(key).map_or(Value::NIL, |field| field.value(cx))
    }

    pub fn field(&self, key: &[u8]) -> Option<Field> {
        self.fields.iter().find(|(name, _)| name.bytes() == key).map(|(_, field)| *field)
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
