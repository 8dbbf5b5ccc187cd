//! Arguments from the manifest or the command line, as values for a process.

use serde_json::Value as Json;

use crate::table::Table;
use crate::transfer::{Copier, Graph};
use crate::value::Value;

pub fn arguments(items: &[Json]) -> Graph {
    Graph::build(|copier| items.iter().map(|item| from_json(copier, item)).collect())
}

pub(crate) fn from_json(copier: &Copier<'_>, item: &Json) -> Value {
    match item {
        Json::Null => Value::NIL,
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::float(number.as_f64().unwrap_or_default()), Value::int)
        }
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => {
            let list = Table::in_heap(copier.heap(), items.len(), 0);
            crate::ops::index::append(&list, 1, items.iter().map(|item| from_json(copier, item)));
            list
        }
        Json::Object(fields) => {
            let record = Table::in_heap(copier.heap(), 0, fields.len());
            if let Some(table) = record.as_table() {
                for (key, item) in fields {
                    table.set_text(key, from_json(copier, item));
                }
            }
            record
        }
    }
}
