//! Scripts: one Lua file as a program, meaning what Lua 5.3 makes it mean.
//!
//! In reading order: [`Script`] is what `main.rs` says; [`run`] makes a process of it and reports how
//! it ended; [`state`] is what such a process has; [`package`] finds the files compiled in with it;
//! [`io`], [`file`], [`stream`] and [`output`] are Lua's own input and output.

pub mod bit32;
pub mod file;
pub mod io;
pub mod output;
pub mod package;
pub mod run;
pub mod state;
pub mod stream;

use crate::function::FunctionDef;

/// Everything `main.rs` of a script's crate says.
pub struct Script {
    /// `arg[0]`, and the chunk name of positions: the file as the compiler was given it.
    pub path: &'static str,
    /// The file's chunk: a vararg function.
    pub chunk: &'static FunctionDef,
    /// The files that a `require` may name.
    pub modules: &'static [ScriptModule],
    /// Those of them that do not compile.
    pub broken: &'static [BrokenModule],
}

/// A file that was compiled in.
pub struct ScriptModule {
    /// Where it is beside the script: `lib/json.lua`.
    pub path: &'static str,
    /// Its chunk, a vararg function: it gets the module's name and file name.
    pub chunk: &'static FunctionDef,
}

/// A file with an error, which matters only if a computed name leads to it.
pub struct BrokenModule {
    /// Where it is beside the script: `lib/json.lua`.
    pub path: &'static str,
    /// The error with its position.
    pub message: &'static str,
}
