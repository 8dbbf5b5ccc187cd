//! What the end-to-end tests share: case folders, one build for all programs, and ways to talk to them.
//!
//! In reading order: [`case`] finds case folders; [`bless`] compares a text with a file and rewrites
//! it on demand; [`apps`] compiles every application of the tests and builds them in one go;
//! [`program`] runs a binary through pipes, [`terminal`] on a pseudo-terminal; [`scripts`] runs Lua
//! files compiled and under PUC Lua, [`random`] makes such files up, [`campaign`] runs them by the
//! hundred, [`features`] writes the page of what there is;
//! [`refusals`] compares what is said about texts that are no Lua; [`panics`] is a program with a bug of ours.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

pub mod apps;
pub mod bless;
pub mod campaign;
pub mod case;
pub mod features;
pub mod panics;
pub mod program;
pub mod random;
pub mod refusals;
pub mod scripts;
pub mod terminal;
