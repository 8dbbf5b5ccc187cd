//! The `ctx` module: the context values that were handed down to this process.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::stdlib::process::text;
use crate::table::Table;
use crate::value::Value;

crate::library! {
    pub static CTX = "ctx" {
        "get" => plain get,
        "all" => plain all,
    }
}

/// `ctx.get(key)`
///
/// # Errors
/// A key that is no text.
pub fn get(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let key = text(cx, args, 1, "get")?;
    if key.is_empty() {
        return Ok(cx.failure("Invalid", "empty key"));
    }
    let value = cx.process().context().get(&key).map(|value| value.to_value(cx.heap()));
    Ok(match value {
        Some(value) => Multi::pair(cx, value, Value::NIL),
        None => cx.failure("NotFound", format!("key not found: {key}")),
    })
}

/// `ctx.all()`
///
/// # Errors
/// None.
pub fn all(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let values = Table::new(cx);
    if let Some(table) = values.as_table() {
        for (key, value) in cx.process().context().iter() {
            table.set_text(key, value.to_value(cx.heap()));
        }
    }
    Ok(Multi::pair(cx, values, Value::NIL))
}
