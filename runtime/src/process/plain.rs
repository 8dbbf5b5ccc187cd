//! Plain data: values that any thread may hold and copy, for context values, error details and the
//! event bus.

use crate::heap::Heap;
use crate::ops::text;
use crate::table::Table;
use crate::value::{Tag, Value};

/// So deep are tables followed.
const DEPTH: usize = 128;

/// A value without identity.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    List(Vec<Plain>),
    /// In order of insertion.
    Map(Vec<(Vec<u8>, Plain)>),
}

impl PartialEq<Plain> for &Plain {
    fn eq(&self, other: &Plain) -> bool {
        *self == other
    }
}

impl Eq for Plain {}

impl Plain {
    /// Tables become lists if they have a border, else maps of their string keys; what is no data
    /// becomes its text.
    pub fn from_value(value: &Value) -> Plain {
        Self::at_depth(value, 0)
    }

    fn at_depth(value: &Value, depth: usize) -> Plain {
        match value.tag() {
            Tag::Nil => Plain::Nil,
            Tag::Boolean => Plain::Bool(value.truthy()),
            Tag::Integer => Plain::Int(value.as_int().unwrap_or_default()),
            Tag::Float => Plain::Float(value.as_float().unwrap_or_default()),
            Tag::StaticString | Tag::String => Plain::Text(value.as_bytes().unwrap_or_default().to_vec()),
            Tag::Table if depth < DEPTH => match value.as_table() {
                Some(table) if table.length() > 0 => {
                    Plain::List(table.array().iter().map(|item| Self::at_depth(item, depth + 1)).collect())
                }
                Some(table) => {
                    let fields = table.entries().into_iter().filter_map(|(key, item)| {
                        Some((key.as_bytes()?.to_vec(), Self::at_depth(&item, depth + 1)))
                    });
                    Plain::Map(fields.collect())
                }
                None => Plain::Nil,
            },
            _ => Plain::Text(text::plain(value)),
        }
    }

    /// A fresh value in a heap.
    pub fn to_value(&self, heap: &Heap) -> Value {
        match self {
            Plain::Nil => Value::NIL,
            Plain::Bool(value) => Value::bool(*value),
            Plain::Int(value) => Value::int(*value),
            Plain::Float(value) => Value::float(*value),
            Plain::Text(bytes) => Value::string(bytes),
            Plain::List(items) => {
                let list = Table::in_heap(heap, items.len(), 0);
                crate::ops::index::append(&list, 1, items.iter().map(|item| item.to_value(heap)));
                list
            }
            Plain::Map(fields) => {
                let record = Table::in_heap(heap, 0, fields.len());
                if let Some(table) = record.as_table() {
                    for (key, item) in fields {
                        // A string is never a refused key.
                        let _ = table.set(Value::string(key), item.to_value(heap));
                    }
                }
                record
            }
        }
    }
}
