//! `process.get_options` and `process.set_options`.

use super::refused;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::index::record;
use crate::process::system::Failure;
use crate::results::Multi;
use crate::s;
use crate::value::Value;

/// `process.get_options()`
///
/// # Errors
/// None.
pub fn get_options(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(record(cx, [(s!("trap_links"), Value::bool(cx.process().trap_links.get()))]))
}

/// `process.set_options(options)`: what is right in the table takes effect even if the rest is not.
///
/// # Errors
/// None.
pub fn set_options(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let invalid = |message: String| refused(cx, Failure::new("Invalid", message));
    let Some(options) = args.first().and_then(Value::as_table) else {
        return Ok(invalid("options parameter must be a table".to_owned()));
    };
    let mut problem = None;
    for (key, value) in options.entries() {
        let Some(key) = key.as_bytes() else { continue };
        match (key, value.as_bool()) {
            (b"trap_links", Some(trap)) => cx.process().trap_links.set(trap),
            (b"trap_links", None) => problem = Some("trap_links must be a boolean".to_owned()),
            _ => problem = Some(format!("option {} is not supported", String::from_utf8_lossy(key))),
        }
    }
    Ok(match problem {
        Some(problem) => invalid(problem),
        None => Multi::pair(cx, Value::TRUE, Value::NIL),
    })
}
