//! The operators of the language: the fast case first, the metamethod case a visible cold call.

pub mod arithmetic;
pub mod call;
pub mod compare;
pub mod concat;
pub mod index;
pub mod iterate;
pub mod number;
pub mod text;

use crate::cx::Cx;
use crate::value::Value;

/// The metamethod `name` of a value, read raw; nil if there is none.
pub fn metamethod(cx: Cx, value: &Value, name: &[u8]) -> Value {
    if let Some(table) = value.as_table() {
        let metatable = table.metatable();
        return metatable.as_table().map(|metatable| metatable.get(&Value::string(name))).unwrap_or_default();
    }
    let methods = value.as_userdata().map(|userdata| userdata.body().methods());
    methods.map(|methods| methods.get(cx, name)).unwrap_or_default()
}
