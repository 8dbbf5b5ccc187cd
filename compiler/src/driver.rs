//! The road from texts to the files of a crate. The only module that names all phases.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::input::{Input, Options};
use crate::manifest::Application;
use crate::source::Sources;
use crate::{manifest, parse, resolve};

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

/// Everything up to emission, for its diagnostics; no files.
pub fn check(input: &Input) -> Output {
    let mut output = Output::default();
    front(input, &mut output);
    output
}

/// The files of the generated crate.
pub fn compile(input: &Input, _options: &Options) -> Output {
    check(input)
}

/// What `stage` made of the Lua entries (of `entry` alone, if given), as text. Errors stay in the output.
pub fn show(input: &Input, _stage: Stage, _entry: Option<&str>) -> (Output, String) {
    (check(input), String::new())
}

/// Manifest, parse and resolve.
fn front(input: &Input, output: &mut Output) -> Application {
    let (application, found) = manifest::read(input, &mut output.sources);
    output.diagnostics.extend(found);
    for entry in &application.entries {
        let Some(lua) = &entry.lua else { continue };
        let (chunk, mut found) = parse::parse(lua.file, &output.sources);
        if let Some(chunk) = chunk {
            let (_, names) = resolve::resolve(&entry.id.to_string(), &chunk, lua.file, &output.sources);
            found.extend(names);
        }
        output.diagnostics.extend(found.into_iter().map(|found| found.entry(entry.id.to_string())));
    }
    application
}
