//! What the end-to-end tests share: case folders, one build for all programs, and ways to talk to them.
//!
//! In reading order: [`case`] finds case folders; [`bless`] compares a text with a file and rewrites
//! it on demand; [`apps`] compiles every application of the tests and builds them in one go;
//! [`program`] runs a binary through pipes, [`terminal`] on a pseudo-terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

pub mod apps;
pub mod bless;
pub mod case;
pub mod program;
pub mod terminal;
