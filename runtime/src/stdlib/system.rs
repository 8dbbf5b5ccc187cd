//! The `system` module: the end of the program, asked for by the program.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::stdlib::{args, process};
use crate::value::Value;

crate::library! {
    pub static SYSTEM = "system" {
        "exit" => plain exit,
    }
}

/// `system.exit([code = 0])`: begins the stop of the program; this process goes on until it is
/// cancelled. A code beyond 32 bits becomes 1.
///
/// # Errors
/// A code that is no number.
pub fn exit(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let code = args::optional_integer(cx, args, 1, "exit", 0)?;
    let code = i32::try_from(code).unwrap_or(1);
    process::system(cx)?.request_exit(code.to_le_bytes()[0]);
    Ok(Multi::pair(cx, Value::TRUE, Value::NIL))
}
