//! The `env` module: the variables that the manifest declares.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::stdlib::process::{system, text};
use crate::table::Table;
use crate::value::Value;

crate::library! {
    pub static ENV = "env" {
        "get" => plain get,
        "set" => plain set,
        "get_all" => plain get_all,
    }
}

fn namespace(cx: Cx) -> &'static str {
    cx.process().entry.split(':').next().unwrap_or_default()
}

/// `env.get(key)`
///
/// # Errors
/// A key that is no text.
pub fn get(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let key = text(cx, args, 1, "get")?;
    if key.is_empty() {
        return Ok(cx.failure("Invalid", "empty key"));
    }
    Ok(match system(cx)?.environment().get(&key, namespace(cx)) {
        Ok(value) => Multi::from_values(cx, [value.into(), Value::NIL]),
        Err((kind, message)) => cx.failure(kind, message),
    })
}

/// `env.set(key, value)`
///
/// # Errors
/// A key or value that is no text.
pub fn set(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let (key, value) = (text(cx, args, 1, "set")?, text(cx, args, 2, "set")?);
    if key.is_empty() {
        return Ok(cx.failure("Invalid", "empty key"));
    }
    Ok(match system(cx)?.environment().set(&key, namespace(cx), &value) {
        Ok(()) => Multi::from_values(cx, [Value::TRUE, Value::NIL]),
        Err((kind, message)) => cx.failure(kind, message),
    })
}

/// `env.get_all()`
///
/// # Errors
/// None.
pub fn get_all(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let values = Table::new(cx);
    for (name, value) in system(cx)?.environment().all() {
        if let Some(table) = values.as_table() {
            table.set_text(&name, value.into());
        }
    }
    Ok(Multi::from_values(cx, [values, Value::NIL]))
}
