//! Reading and writing fields, with `__index` and `__newindex`.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult};
use crate::value::{Tag, Value};

/// `object[key]`.
///
/// # Errors
/// `attempt to index a TYPE value`, and what an `__index` function raises.
#[inline]
pub fn index(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    if let Some(table) = object.as_table() {
        let value = table.get(key);
        if !value.is_nil() || !table.has_metatable() {
            return Ok(value);
        }
    }
    index_slow(cx, object, key)
}

#[cold]
fn index_slow(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    match object.tag() {
        Tag::Module => Ok(module_field(cx, object, key)),
        Tag::UserData => {
            let methods = object.as_userdata().map(|userdata| userdata.body().methods());
            Ok(methods.zip(key.as_bytes()).map_or(Value::NIL, |(methods, key)| methods.get(cx, key)))
        }
        _ => {
            let before = format!("attempt to index a {} value", object.type_name());
            Err(cx.throw_fault(Fault::Operand { before, after: "", operand: 0 }))
        }
    }
}

fn module_field(cx: Cx, object: &Value, key: &Value) -> Value {
    object.as_module().zip(key.as_bytes()).map_or(Value::NIL, |(module, key)| module.get(cx, key))
}
