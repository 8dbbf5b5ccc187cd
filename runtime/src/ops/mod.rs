//! The operators of the language: the fast case first, the metamethod case a visible cold call.

pub mod call;
pub mod index;
pub mod number;

use crate::cx::Cx;
use crate::value::Value;

/// The metamethod `name` of a value, read raw; nil if there is none.
pub fn metamethod(_: Cx, value: &Value, name: &[u8]) -> Value {
    value
        .as_table()
        .and_then(|table| table.metatable().as_table().map(|meta| meta.get(&Value::string(name))))
        .unwrap_or_default()
}
