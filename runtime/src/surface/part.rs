//! A part of a long function (the compiler's `lower/parts.rs`): a function of its own to rustc, whose work grows
//! with the square of a function's length.

use std::pin::Pin;

use crate::error::LuaResult;

/// Where parts begin.
pub enum Part {}

impl Part {
    /// Runs a part. Not inlined: then the whole would be one function again.
    ///
    /// # Errors
    /// The part's.
    #[inline(never)]
    pub fn run(part: impl FnOnce() -> LuaResult<()>) -> LuaResult<()> {
        part()
    }

    /// A part that may suspend. Boxed for the same reason, and because all parts of a function are no part of
    /// what its process holds while it waits.
    pub fn wait<'a>(
        part: impl Future<Output = LuaResult<()>> + 'a,
    ) -> Pin<Box<dyn Future<Output = LuaResult<()>> + 'a>> {
        Box::pin(part)
    }
}
