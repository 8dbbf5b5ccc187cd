//! The syntax tree: a pre-pass of our own over the tokens, then full_moon.
//!
//! ```text
//! text -> lexer -> tokens -> prepass -> stand-in text -> full_moon -> tree
//!                               |                                      |
//!                               +-> notes: types, casts, attributes ---+--> Chunk
//! ```

mod cursor;
mod faults;
pub mod lexer;
pub mod literal;
pub mod notes;
mod prepass;
mod reference;
mod show;
mod stand_in;
mod types;

use std::panic::{AssertUnwindSafe, catch_unwind};

use full_moon::LuaVersion;
use full_moon::ast::{Ast, Block};

pub use notes::{Attribute, Notes};
pub use reference::{Refusal, refusal};
pub use show::{show_ast, show_tokens};

use crate::deep::with_deep_stack;
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Sources, Span};
use faults::Fault;

/// A parsed file. Literals in its tree are stand-ins: their texts are the source's, at their spans.
pub struct Chunk {
    ast: Option<Ast>,
    pub notes: Notes,
}

impl Chunk {
    /// The statements of the file.
    pub fn block(&self) -> Option<&Block> {
        self.ast.as_ref().map(Ast::nodes)
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // The tree of a long expression is deep.
        let ast = self.ast.take();
        with_deep_stack(|| drop(ast));
    }
}

/// Parses one file. Every rejection has a diagnostic; the chunk is absent if there was an error.
pub fn parse(file: FileId, sources: &Sources) -> (Option<Chunk>, Vec<Diagnostic>) {
    with_deep_stack(|| read(file, sources))
}

fn read(file: FileId, sources: &Sources) -> (Option<Chunk>, Vec<Diagnostic>) {
    let source = &sources.file(file).text;
    let (chunk, mut diagnostics) = tree(file, source, lexer::tokens(source));
    if let Some(chunk) = chunk.as_ref().filter(|chunk| !chunk.notes.typeofs.is_empty()) {
        // The tree does not show them, but they must be expressions all the same.
        let text = stand_in::assigned(source, &chunk.notes.typeofs);
        diagnostics = tree(file, &text, lexer::tokens(&text)).1;
    }
    (chunk.filter(|_| diagnostics.is_empty()), diagnostics)
}

fn tree(file: FileId, source: &str, tokens: Vec<lexer::Token>) -> (Option<Chunk>, Vec<Diagnostic>) {
    let mut prepared = prepass::prepare(file, source, tokens);
    let notes = std::mem::take(&mut prepared.notes);
    let Some(text) = &prepared.text else { return (None, prepared.diagnostics) };
    // Whatever happens in there is a diagnostic and no abort.
    let parsed = catch_unwind(AssertUnwindSafe(|| full_moon::parse_fallible(text, LuaVersion::lua53())));
    let Ok(result) = parsed else {
        let failed = Diagnostic::error("P0009", Some(Span::new(file, 0, 0)), "this file could not be parsed")
            .explain("The parser stopped without saying why. This is a bug in Moonwright.")
            .hint("Please report it together with the file.");
        return (None, vec![failed]);
    };
    let found: Vec<Fault> = result.errors().iter().map(Fault::new).collect();
    let chunk = Chunk { ast: Some(result.into_ast()), notes };
    let diagnostics = faults::diagnose(file, source, &prepared, found);
    (Some(chunk).filter(|_| diagnostics.is_empty()), diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn faults(text: &str) -> Vec<(u32, &'static str)> {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x.lua", text));
        let (chunk, diagnostics) = parse(file, &sources);
        assert_eq!(chunk.is_none(), !diagnostics.is_empty(), "{text}");
        let line = |found: &Diagnostic| found.span.map_or(0, |span| sources.line(span));
        diagnostics.iter().map(|found| (line(found), found.code)).collect()
    }

    #[test]
    fn lua_parses() {
        for text in [
            "",
            "\u{feff}return 1",
            "local a <const>, b <close> = 1, 2; ; ;",
            "goto done; ::done::",
            "do ; end",
            "return f'x' {1; 2, a = 3, [4] = 5}",
            "local s = 'a\\z  b\\u{48}\\x41'",
        ] {
            assert_eq!(faults(text), [], "{text}");
        }
    }

    #[test]
    fn every_fault_is_reported_once() {
        assert_eq!(faults("if x than\nend").first(), Some(&(1, "P0001")));
        assert_eq!(faults("local x = 1\nlocal y = 'abc\n"), [(2, "P0002")]);
        assert_eq!(faults("x = $"), [(1, "P0002")]);
        let deep = format!("return {}1{}", "(".repeat(300), ")".repeat(300));
        assert_eq!(faults(&deep), [(1, "P0003")]);
    }
}
