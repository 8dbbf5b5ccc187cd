//! Lexer, pre-pass, parser and resolver on arbitrary text: no panic, no abort, and every rejection
//! has a diagnostic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use moonwright_compiler::deep::with_deep_stack;
use moonwright_compiler::diagnostics::Diagnostic;
use moonwright_compiler::source::{SourceFile, Sources};
use moonwright_compiler::{hir, parse, resolve};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    with_deep_stack(|| front(text));
});

fn front(text: String) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("fuzz.lua", text));
    let (chunk, faults) = parse::parse(file, &sources);
    assert_eq!(chunk.is_none(), !faults.is_empty());
    parse::show_tokens(file, &sources);
    let mut all = faults;
    if let Some(chunk) = chunk {
        parse::show_ast(&chunk, sources.file(file));
        let (unit, found) = resolve::resolve("app:fuzz", &chunk, file, &sources, resolve::Mode::Application);
        hir::print(&unit);
        if found.is_empty() {
            assert_eq!(hir::verify(&unit), Vec::<String>::new());
        }
        all.extend(found);
    }
    all.iter().for_each(|found| check(found, &sources));
}

/// A diagnostic says something about a place that exists.
fn check(found: &Diagnostic, sources: &Sources) {
    assert!(!found.title.is_empty() && !found.explanation.is_empty());
    assert_ne!(found.code, "P0009", "full_moon panicked");
    for span in found.span.iter().chain(found.related.iter().map(|(span, _)| span)) {
        let text = &sources.file(span.file).text;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{found:?}");
    }
}
