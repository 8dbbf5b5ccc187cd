//! One file for each command of `cargo xtask`.

pub mod bench;
pub mod build;
pub mod check;
pub mod ci;
pub mod explain;
pub mod new;
pub mod run;
pub mod show;
