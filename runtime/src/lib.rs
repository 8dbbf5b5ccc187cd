//! What compiled applications call: Lua values, libraries and processes, on a thin layer of tokio.
//!
//! In reading order: a [`value`] is two words; [`heap`] says how objects live and die; [`table`],
//! [`string`], [`function`] and [`userdata`] are the objects; [`cx`] is the handle everything goes
//! through; [`error`] and [`results`] say how calls end; [`ops`] are the operators; [`rt`] is the
//! surface emitted code sees.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")
)]

mod macros;

pub use host::main;
pub use script::run::main as script_main;

/// One allocation for each object, straight from here (`docs/decisions`).
#[cfg(not(feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

#[cfg_attr(feature = "system-allocator", allow(dead_code, reason = "only its `room` is used then"))]
mod allocator;
pub mod application;
pub mod channel;
pub mod cx;
pub mod error;
pub mod function;
pub mod heap;
mod held;
pub mod host;
pub mod module;
pub mod ops;
pub mod process;
pub mod results;
pub mod rt;
pub mod sched;
pub mod script;
pub mod stdlib;
pub mod string;
pub mod surface;
pub mod table;
pub mod transfer;
pub mod userdata;
pub mod value;

#[cfg(test)]
pub(crate) mod testing {
    //! A process context for unit tests.

    use crate::cx::{Context, Cx, Mode};

    /// Runs `work` in a fresh context with a stack budget of 1 MiB.
    pub fn with_cx<R>(work: impl FnOnce(Cx) -> R) -> R {
        in_mode(Mode::Application, work)
    }

    fn in_mode<R>(mode: Mode, work: impl FnOnce(Cx) -> R) -> R {
        let context = Context::in_mode(crate::process::ProcessState::default(), mode);
        // SAFETY: the handle is not used after `work`.
        let cx = unsafe { context.cx() };
        cx.set_stack_budget(1024 * 1024);
        work(cx)
    }
}
