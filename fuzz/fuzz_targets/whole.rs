//! The whole compiler on arbitrary text, as a script and as an application: no panic, no abort, every
//! rejection has a diagnostic, and what is accepted becomes Rust.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use moonwright_compiler::driver::{self, Output};
use moonwright_compiler::input::{Input, Options, Root, Script};

const MANIFEST: &str = "version: \"1.0\"\nnamespace: app\nentries:\n  - name: main\n    kind: library.lua\n    \
                        source: file://text.lua\n    modules: [time, json, logger]\n";

fuzz_target!(|bytes: &[u8]| {
    let script = Script { path: "text.lua".to_owned(), file: "text.lua".to_owned() };
    check(&compiled(bytes, Some(script)));
    check(&compiled(bytes, None));
});

fn compiled(text: &[u8], script: Option<Script>) -> Output {
    let files = [("_index.yaml", MANIFEST.as_bytes()), ("text.lua", text)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_vec()));
    let root = Root { label: "src".to_owned(), module: None, files: BTreeMap::from(files) };
    let input = Input {
        name: "fuzz".to_owned(),
        command: "cargo xtask build".to_owned(),
        roots: vec![root],
        script,
        ..Input::default()
    };
    driver::compile(&input, &Options { runtime_path: String::new(), is_member: true })
}

fn check(output: &Output) {
    for found in &output.diagnostics {
        assert!(!found.title.is_empty() && !found.explanation.is_empty());
        assert!(!matches!(found.code, "P0009" | "B0001"), "{found:?}");
        for span in found.span.iter().chain(found.related.iter().map(|(span, _)| span)) {
            let text = &output.sources.file(span.file).text;
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{found:?}");
        }
    }
    assert_eq!(output.has_errors(), output.files.is_empty());
    for (path, text) in output.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        if let Err(error) = syn::parse_file(text) {
            panic!("{path}: {error}\n{text}");
        }
    }
}
