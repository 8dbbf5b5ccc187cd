//! Moonwright's compiler: a manifest and its Lua files in, readable Rust and diagnostics out.
//!
//! Texts come in through [`input::Input`] and leave as [`driver::Output`]. Nothing here reads a
//! disk, starts a process or links the runtime: that is `xtask`'s work and the binary's.
//!
//! ```text
//!  _index.yaml --+
//!  *.lua --------+--> manifest --> parse --> resolve --> analyze --> lower --> emit --> files of a crate
//!  overrides ----+    Application  Chunk     hir::Unit   Facts       lowered    text
//! ```
//!
//! One folder per arrow, each opened by one public function. `driver` alone names them all.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")
)]

pub mod analyze;
pub mod deep;
pub mod diagnostics;
pub mod driver;
pub mod emit;
pub mod explain;
pub mod hir;
pub mod index;
pub mod input;
pub mod library;
pub mod lower;
pub mod manifest;
pub mod names;
pub mod parse;
pub mod resolve;
pub mod source;
