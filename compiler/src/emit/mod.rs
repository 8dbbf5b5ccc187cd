//! From Rust-shaped code to the files of a crate. No Lua is left here, and no decision: tokens are
//! filed by place and formatted once.

mod application;
mod expression;
mod format;
mod function;
mod keys;
mod layout;
mod module;
mod part;
mod statement;

use std::collections::BTreeMap;

use crate::input::{Input, Options, Script};
use crate::lower::ir::Module;
use crate::manifest::Application;

/// The files of the generated crate, by path from its root.
///
/// # Errors
/// A text about the item that came out as no Rust: a bug of ours.
pub fn emit(
    application: &Application,
    modules: &[Module],
    input: &Input,
    options: &Options,
) -> Result<BTreeMap<String, String>, String> {
    let mut files = application::emit(application, modules, input, options)?;
    for module in modules {
        files.insert(format!("src/{}.rs", module.name), module::emit(module, &input.command)?);
    }
    Ok(files)
}

/// A file that is left out of a script, since only a computed `require` could lead to it.
pub struct BrokenFile {
    /// From the script's folder: `lib/json.lua`.
    pub path: String,
    /// What `require` says about it: `./lib/json.lua:3: unexpected symbol near '='`.
    pub message: String,
}

/// The files of the crate of a script; the first module is the script itself.
///
/// # Errors
/// As [`emit`].
pub fn emit_script(
    script: &Script,
    modules: &[Module],
    broken: &[BrokenFile],
    input: &Input,
    options: &Options,
) -> Result<BTreeMap<String, String>, String> {
    let mut files = application::emit_script(script, modules, broken, input, options)?;
    for module in modules {
        files.insert(format!("src/{}.rs", module.name), module::emit(module, &input.command)?);
    }
    Ok(files)
}

/// The Rust of each module, for `show rust`.
///
/// # Errors
/// As [`emit`].
pub fn show(modules: &[Module], command: &str) -> Result<String, String> {
    modules
        .iter()
        .map(|module| module::emit(module, command))
        .collect::<Result<Vec<_>, _>>()
        .map(|all| all.join("\n"))
}
