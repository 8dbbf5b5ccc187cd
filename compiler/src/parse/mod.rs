//! The syntax tree: a pre-pass of our own over the text, then full_moon.

pub mod lexer;
mod prepass;

use std::collections::BTreeMap;

use full_moon::LuaVersion;
use full_moon::ast::Ast;

use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// The parser recurses; this much stack holds the deepest nesting the pre-pass lets through.
const STACK: usize = 64 * 1024 * 1024;

/// The attribute of a local variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    Const,
    Close,
}

/// A parsed file.
pub struct Chunk {
    pub ast: Ast,
    /// `<const>` and `<close>`, by the byte offset of the variable's name.
    pub attributes: BTreeMap<usize, Attribute>,
}

/// Parses one file. Every rejection has a diagnostic; the chunk is absent if there was an error.
pub fn parse(file: FileId, sources: &Sources) -> (Option<Chunk>, Vec<Diagnostic>) {
    let source = &sources.file(file).text;
    let prepared = prepass::prepare(file, source);
    if !prepared.diagnostics.is_empty() {
        return (None, prepared.diagnostics);
    }
    let text = prepared.text;
    let thread = std::thread::Builder::new().stack_size(STACK);
    let parsed = thread.spawn(move || {
        let result = full_moon::parse_fallible(&text, LuaVersion::lua53());
        let faults: Vec<Fault> = result.errors().iter().map(Fault::new).collect();
        (result.into_ast(), faults)
    });
    let Ok(Ok((ast, faults))) = parsed.map(std::thread::JoinHandle::join) else {
        let span = Span::new(file, 0, 0);
        let failed = Diagnostic::error("P0009", Some(span), "this file could not be parsed")
            .explain("The parser stopped without saying why. This is a bug in Moonwright.")
            .hint("Please report it together with the file.");
        return (None, vec![failed]);
    };
    let diagnostics = diagnose(file, source, faults);
    if diagnostics.is_empty() {
        return (Some(Chunk { ast, attributes: prepared.attributes }), diagnostics);
    }
    (None, diagnostics)
}

/// What full_moon found, as bytes and words.
struct Fault {
    start: usize,
    end: usize,
    message: String,
}

impl Fault {
    fn new(error: &full_moon::Error) -> Fault {
        let (start, end) = error.range();
        Fault { start: start.bytes(), end: end.bytes(), message: error.error_message().into_owned() }
    }
}

/// One diagnostic for each fault: of several on one line only the first is kept, because the rest
/// follow from it.
fn diagnose(file: FileId, source: &str, faults: Vec<Fault>) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut last_line = None;
    for fault in faults {
        let before = source.get(..fault.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        if last_line.is_some_and(|last| line <= last) {
            continue;
        }
        last_line = Some(line);
        let found = source.get(fault.start..fault.end).unwrap_or_default().trim();
        let label =
            if found.is_empty() { "the file ends here".to_owned() } else { format!("unexpected `{found}`") };
        let message = fault.message.trim_end_matches('.');
        diagnostics.push(
            Diagnostic::error("P0001", Some(Span::new(file, fault.start, fault.end)), "syntax error")
                .label(label)
                .explain(format!("Lua's grammar does not allow this here: {message}."))
                .hint(hint(found)),
        );
    }
    diagnostics
}

fn hint(found: &str) -> &'static str {
    match found {
        "than" => "Did you mean `then`?",
        "" => "An `end`, a bracket or a quote is probably missing above.",
        ":" | "::" => "Annotated types are not compiled yet; remove them for now.",
        "=" => "Comparison is written `==`.",
        "else" | "elseif" => "`elseif` is one word, and an `if` has one `else`.",
        "end" => "There may be one `end` too many, or an unfinished expression before it.",
        _ => "Look at the word before it as well: something may be missing between the two.",
    }
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

    #[test]
    fn random_words_never_panic() {
        let words = [
            "local", "x", "=", "(", ")", "{", "}", "end", "do", "if", "then", "function", "1", "'s'", ":",
            "::", "return", ",", ";", "...", "goto", "..", "not", "<", "const", ">", "[", "]", "break", "\n",
        ];
        let mut state = 42u64;
        for _ in 0..2000 {
            let mut text = String::new();
            for _ in 0..20 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(words[(state >> 33) as usize % words.len()]);
                text.push(' ');
            }
            faults(&text);
        }
    }
}
