//! A part of a long function (the compiler's `lower/parts.rs`): a function of its own to rustc, whose work grows
//! with the square of a function's length.

use std::pin::Pin;

use crate::error::LuaResult;
use crate::value::Value;

/// Where parts begin.
pub enum Part {}

impl Part {
    /// Runs a part that cannot be an item. Not inlined: then the whole would be one function again.
    ///
    /// # Errors
    /// The part's.
    #[inline(never)]
    pub fn run<T>(part: impl FnOnce() -> LuaResult<T>) -> LuaResult<T> {
        part()
    }

    /// A part that may suspend. Boxed for the same reason, and because all parts of a function are no part of
    /// what its process holds while it waits.
    pub fn wait<'a, T: 'a>(
        part: impl Future<Output = LuaResult<T>> + 'a,
    ) -> Pin<Box<dyn Future<Output = LuaResult<T>> + 'a>> {
        Box::pin(part)
    }

    /// The last read of a variable that a part was lent.
    #[inline]
    pub fn take(variable: &mut Value) -> Value {
        std::mem::take(variable)
    }
}
