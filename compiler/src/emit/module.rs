//! One Rust module: header, imports, the chunk's facts, then its functions in source order.

use std::fmt::Write as _;

use super::format::Marks;
use super::function;
use crate::lower::ir::Module;

/// # Errors
/// An item came out as no Rust: a bug of ours.
pub fn emit(module: &Module, command: &str) -> Result<String, String> {
    let file = module.path.rsplit('/').next().unwrap_or_default();
    let mut marks = Marks::default();
    let mut functions = String::new();
    for function in &module.functions {
        let _ = write!(functions, "\n{}\n", function::emit(&mut marks, function, file)?);
    }
    let mut text = format!(
        "//! `{}`, from {}. Written by `{command}`; edit the Lua instead.\n\n",
        module.entry, module.path
    );
    if marks.has_long_text {
        text.push_str(
            "#![allow(long_running_const_eval, reason = \"the hash of a long text is a long loop, which ends\")]\n\n",
        );
    }
    text.push_str("use moonwright_runtime::rt::*;\n\n");
    text.push_str(&chunk(module));
    text.push_str(&functions);
    text.push_str(&marks.keys.emit());
    Ok(text)
}

/// What error positions and tracebacks refer to.
fn chunk(module: &Module) -> String {
    let functions: Vec<String> =
        module.lines.iter().map(|(name, first, last)| format!("({name:?}, {first}, {last})")).collect();
    let short = functions.join(", ");
    if short.len() < 50 {
        return format!(
            "const CHUNK: &Chunk = &Chunk {{ name: {:?}, functions: &[{short}] }};\n",
            module.entry
        );
    }
    let lines: String = functions.iter().map(|function| format!("        {function},\n")).collect();
    format!(
        "const CHUNK: &Chunk = &Chunk {{\n    name: {:?},\n    functions: &[\n{lines}    ],\n}};\n",
        module.entry
    )
}
