//! The one door to the repository: disk, cargo and terminal around the pure compiler.
//!
//! In reading order: [`repository`] says where things are; [`project`] reads an application from
//! disk; [`report`] shows diagnostics; [`build`] turns them into a crate and a binary; [`commands`]
//! holds one file for each command. The binary `xtask` only reads the command line.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")
)]

pub mod build;
pub mod commands;
pub mod outcome;
pub mod project;
pub mod report;
pub mod repository;
