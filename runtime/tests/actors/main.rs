//! The promises of `docs/process-contract.md`, one test each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]
#![allow(unused_must_use, reason = "as in Lua, most results of a call are not looked at")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "argument lists read the same everywhere")]

mod bus;
mod channels;
mod functions;
mod groups;
mod kit;
mod limits;
mod messages;
mod processes;
mod relations;
mod scheduling;
mod times;
