//! Snapshots of parse and resolve: `tests/parse/<case>/input.lua` and what becomes of it in
//! `expected.txt`: its diagnostics, or else its HIR. `MOONWRIGHT_BLESS=1 cargo test --test parse` writes them anew.

#![allow(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use moonwright_compiler::diagnostics::Diagnostic;
use moonwright_compiler::source::{SourceFile, Sources, Span};
use moonwright_compiler::{hir, parse, resolve};

#[test]
fn snapshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parse");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of cases")
        .map(|case| case.expect("a case").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let input = fs::read_to_string(case.join("input.lua")).expect("input.lua is UTF-8");
        let found = outcome(&input);
        let path = case.join("expected.txt");
        if env::var_os("MOONWRIGHT_BLESS").is_some() {
            fs::write(&path, &found).expect("expected.txt can be written");
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "other than expected (MOONWRIGHT_BLESS=1 accepts):\n{}", wrong.join("\n"));
}

/// A file of several chunks, divided by lines of dashes, is several files.
fn outcome(input: &str) -> String {
    input.split("----\n").map(chunk).collect::<Vec<_>>().join("----\n")
}

fn chunk(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("input.lua", text));
    let (chunk, mut found) = parse::parse(file, &sources);
    let mut printed = String::new();
    if let Some(chunk) = chunk {
        let (unit, names) = resolve::resolve("app:input", &chunk, file, &sources, resolve::Mode::Application);
        found.extend(names);
        printed = hir::print(&unit);
        if found.is_empty() {
            assert_eq!(hir::verify(&unit), Vec::<String>::new());
            // Both printers take whatever parses.
            assert!(text.is_empty() || !parse::show_tokens(file, &sources).is_empty());
            parse::show_ast(&chunk, sources.file(file));
        }
    }
    if found.is_empty() { printed } else { found.iter().map(|found| shown(found, &sources)).collect() }
}

fn shown(found: &Diagnostic, sources: &Sources) -> String {
    let mut text = format!("{} {}: {}\n", place(found.span, sources), found.code, found.title);
    if !found.label.is_empty() {
        let _ = writeln!(text, "    ^ {}", found.label);
    }
    let _ = writeln!(text, "    {}", found.explanation);
    if !found.hint.is_empty() {
        let _ = writeln!(text, "    hint: {}", found.hint);
    }
    for (span, label) in &found.related {
        let _ = writeln!(text, "    {}: {label}", place(Some(*span), sources));
    }
    text
}

/// `line:column` and the text it marks.
fn place(span: Option<Span>, sources: &Sources) -> String {
    let Some(span) = span else { return "?".to_owned() };
    let file = sources.file(span.file);
    let (line, column) = file.line_column(span.start);
    let text = file.text.get(span.start as usize..span.end as usize).unwrap_or("out of range");
    format!("{line}:{column} `{}`", text.lines().next().unwrap_or_default())
}
