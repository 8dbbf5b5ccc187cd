//! The road from texts to the files of a crate. The only module that names all phases.

use std::collections::BTreeMap;

mod front;
mod required;
mod script;

use front::{Front, front};

use crate::deep::with_deep_stack;
use crate::diagnostics::Diagnostic;
use crate::input::{Input, Options};
use crate::source::Sources;
use crate::{analyze, emit, lower};

/// What a compilation leaves: diagnostics, and files if there was no error.
#[derive(Debug, Default)]
pub struct Output {
    pub sources: Sources,
    /// Errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The generated crate: path from its root, text. Empty if there was an error.
    pub files: BTreeMap<String, String>,
}

impl Output {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The stages `show` can print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Tokens,
    Ast,
    Hir,
    Facts,
    Lowered,
    Rust,
}

/// The Lua entries of an application, or the files of a script, as far as they can be read.
pub fn entries(input: &Input) -> Vec<String> {
    with_deep_stack(|| front(input, &mut Output::default()).entries.into_iter().map(|(id, _)| id).collect())
}

/// Everything up to emission, for its diagnostics; no files.
pub fn check(input: &Input) -> Output {
    with_deep_stack(|| {
        let mut output = Output::default();
        front(input, &mut output);
        output
    })
}

/// The files of the generated crate.
pub fn compile(input: &Input, options: &Options) -> Output {
    with_deep_stack(|| written(input, options))
}

fn written(input: &Input, options: &Options) -> Output {
    let mut output = Output::default();
    let Some((front, modules)) = middle(input, &mut output) else { return output };
    let emitted = match &input.script {
        Some(script) => emit::emit_script(script, &modules, &front.broken, input, options),
        None => emit::emit(&front.application, &modules, input, options),
    };
    match emitted {
        Ok(files) => output.files = files,
        Err(text) => output.diagnostics.push(internal(&text)),
    }
    output
}

/// What `stage` made of the Lua entries (of `entry` alone, if given), as text. Errors stay in the
/// output.
pub fn show(input: &Input, stage: Stage, entry: Option<&str>) -> (Output, String) {
    with_deep_stack(|| shown(input, stage, entry))
}

fn shown(input: &Input, stage: Stage, entry: Option<&str>) -> (Output, String) {
    let mut output = Output::default();
    let front = front(input, &mut output);
    let is_wanted = |id: &str| entry.is_none_or(|wanted| wanted == id);
    let text = match stage {
        Stage::Tokens | Stage::Ast | Stage::Hir => {
            let entries = front.entries.iter().filter(|(id, _)| is_wanted(id));
            entries.map(|(id, parsed)| format!("-- {id}\n{}", parsed.show(stage, &output.sources))).collect()
        }
        Stage::Facts | Stage::Lowered | Stage::Rust if output.has_errors() => String::new(),
        Stage::Facts => {
            let (world, facts) = (&front.world, analyze::analyze(&front.world));
            analyze::print(world, &facts, &output.sources, &is_wanted)
        }
        Stage::Lowered | Stage::Rust => {
            let facts = analyze::analyze(&front.world);
            let mut modules = lower::lower(&front.world, &facts, &output.sources);
            modules.retain(|module| is_wanted(&module.entry));
            if stage == Stage::Lowered {
                lower::print(&modules)
            } else {
                emit::show(&modules, &input.command).unwrap_or_else(|text| text)
            }
        }
    };
    (output, text)
}

/// Up to Rust-shaped code; `None` if there was an error.
fn middle(input: &Input, output: &mut Output) -> Option<(Front, Vec<lower::ir::Module>)> {
    let front = front(input, output);
    if output.has_errors() {
        return None;
    }
    let facts = analyze::analyze(&front.world);
    let modules = lower::lower(&front.world, &facts, &output.sources);
    Some((front, modules))
}

fn internal(text: &str) -> Diagnostic {
    Diagnostic::error("B0001", None, "the compiler wrote code that is no Rust")
        .explain(format!("This is a bug in Moonwright, not in your program. What it stumbled over:\n{text}"))
        .hint("Please report it together with the Lua file.")
}
