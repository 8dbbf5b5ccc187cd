//! Globals that nobody defines: reading one gives nil.

use super::type_values::is_type;
use super::{Names, first_uses, times};
use crate::diagnostics::{Diagnostic, suggest};
use crate::hir::ExprId;
use crate::library;

/// Names of Lua that a compiled program cannot offer, each with what to do instead.
const ABSENT: &[(&str, &str)] = &[
    ("load", "Put the code into a file of its own and `require` it; read data with a parser."),
    ("loadstring", "Put the code into a file of its own and `require` it; read data with a parser."),
    ("loadfile", "Make the file an entry of its own and `require` it."),
    ("dofile", "Make the file an entry of its own and `require` it."),
    ("debug", "An uncaught error prints its traceback; `error(message, level)` chooses the position."),
    ("setfenv", "Use a table of functions, or a metatable with `__index`."),
    ("getfenv", "Use a table of functions, or a metatable with `__index`."),
    ("module", "Return a table from the file."),
    ("newproxy", "Use a table with a metatable."),
    ("collectgarbage", "Memory is freed as soon as nothing refers to it."),
    ("bit32", "Use the operators `& | ~ << >>`."),
    ("utf8", "Patterns work on bytes: `[\\0-\\x7F\\xC2-\\xF4][\\x80-\\xBF]*` matches one character."),
    ("rawlen", "Use `#`; `rawget` reads without metamethods."),
    ("arg", "The arguments of the program are in `...`."),
    ("io", "List `io` under `modules:` of the entry to use the terminal."),
];

/// Whether the name is one of Lua's that is nil ahead of time.
pub fn is_absent(names: &Names, name: &str) -> bool {
    !names.is_known(name) && ABSENT.iter().any(|(absent, _)| *absent == name)
}

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let reads = names.reads().into_iter();
    let unknown = reads.filter(|(id, name)| !names.is_known(name) && !is_type(names, *id, name));
    first_uses(unknown)
        .into_iter()
        .map(|(name, first, count)| match ABSENT.iter().find(|(absent, _)| *absent == name) {
            Some((_, hint)) => absent(names, name, first, hint, count),
            None => undefined(names, name, first, count),
        })
        .collect()
}

fn absent(names: &Names, name: &str, first: ExprId, hint: &str, count: usize) -> Diagnostic {
    let span = names.own.unit.exprs[first].span;
    Diagnostic::warning("W0103", Some(span), format!("'{name}' does not exist in a compiled program"))
        .label("always nil")
        .explain(format!(
            "Everything is compiled ahead of time; what this name does in other Luas cannot be done here, and reading it gives nil.{}",
            times(count)
        ))
        .hint(hint)
}

fn undefined(names: &Names, name: &str, first: ExprId, count: usize) -> Diagnostic {
    let span = names.own.unit.exprs[first].span;
    if let Some((_, other)) = names.world.iter().find(|(_, other)| other.declared().any(|own| own == name)) {
        let list = if library::module(name).is_some() { "modules" } else { "imports" };
        return Diagnostic::warning("E0001", Some(span), format!("undefined variable '{name}'"))
            .label("not listed by this entry")
            .explain(format!(
                "Other entries list it, as {} does: it has a value where one of them is part of the same process, and is nil elsewhere.{}",
                other.unit.entry,
                times(count)
            ))
            .hint(format!("List `{name}` under `{list}:` of this entry as well."));
    }
    let hint = match suggest(name, names.candidates(span.start)) {
        _ if library::module(name).is_some() && !names.is_script() => {
            format!("List `{name}` under `modules:` of the entry.")
        }
        Some(near) => format!("Did you mean `{near}`?"),
        None => "Declare it with `local`, or check the spelling.".to_owned(),
    };
    Diagnostic::warning("E0001", Some(span), format!("undefined variable '{name}'"))
        .label("always nil")
        .explain(format!(
            "No local variable of this name is in scope, no library or import has it, and no file assigns a global of it, so it is nil.{}",
            times(count)
        ))
        .hint(hint)
}
