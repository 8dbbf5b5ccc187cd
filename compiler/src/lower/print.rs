//! `show lowered`: the Rust-shaped code of each function, and what was decided about it.

use std::fmt::Write as _;

use super::ir::Module;

/// Every function of the modules, readable.
pub fn print(modules: &[Module]) -> String {
    let mut text = String::new();
    for module in modules {
        let _ = writeln!(text, "module {} ({})", module.name, module.entry);
        for function in &module.functions {
            let kind = if function.reason.is_some() { "async" } else { "plain" };
            let (first, last) = function.lines;
            let _ =
                writeln!(text, "\n{kind} {} -> {:?}, lines {first}-{last}", function.name, function.returns);
            if let Some(reason) = &function.reason {
                let _ = writeln!(text, "  may suspend: {reason}");
            }
            if !function.captures.is_empty() {
                let _ = writeln!(text, "  captures: {}", function.captures.join(", "));
            }
            for statement in &function.body {
                let _ = writeln!(text, "  {statement:?}");
            }
        }
        text.push('\n');
    }
    text
}
