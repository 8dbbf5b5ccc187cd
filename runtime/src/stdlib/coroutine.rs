//! The `coroutine` library, as far as tasks go; manual coroutines come with the whole language.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::task;
use crate::value::Value;

crate::library! {
    pub static COROUTINE = "coroutine" {
        "spawn" => async spawn,
        "yield" => async yield_,
    }
}

pub use task::spawn;

/// `coroutine.yield(...)` in a task: the others go first.
///
/// # Errors
/// Nothing may suspend here.
pub async fn yield_(cx: Cx, _: &[Value]) -> LuaResult<()> {
    task::yield_now(cx).await
}
