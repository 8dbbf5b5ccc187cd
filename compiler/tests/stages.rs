//! What each stage makes of one small application: `stages/src` is shown stage by stage and compared
//! with `stages/<stage>.txt`. `MOONWRIGHT_BLESS=1` accepts what is there now.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;

use moonwright_compiler::driver::{self, Stage};
use moonwright_compiler::input::{Input, Root};

const STAGES: [(&str, Stage); 6] = [
    ("tokens", Stage::Tokens),
    ("ast", Stage::Ast),
    ("hir", Stage::Hir),
    ("facts", Stage::Facts),
    ("lowered", Stage::Lowered),
    ("rust", Stage::Rust),
];

#[test]
fn every_stage_shows_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages");
    let mut files = BTreeMap::new();
    for name in ["_index.yaml", "counter.lua", "text.lua"] {
        files.insert(name.to_owned(), std::fs::read(folder.join("src").join(name)).unwrap());
    }
    let root = Root { label: "src".to_owned(), module: None, files };
    let input = Input {
        name: "stages".to_owned(),
        command: "cargo xtask build src/".to_owned(),
        roots: vec![root],
        ..Input::default()
    };
    let mut differing = Vec::new();
    for (name, stage) in STAGES {
        let (output, text) = driver::show(&input, stage, None);
        assert!(!output.has_errors(), "{:?}", output.diagnostics);
        let expected = folder.join(format!("{name}.txt"));
        if std::env::var_os("MOONWRIGHT_BLESS").is_some() {
            std::fs::write(&expected, &text).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            differing.push(format!("{}:\n{text}", expected.display()));
        }
    }
    assert!(differing.is_empty(), "MOONWRIGHT_BLESS=1 accepts what is actual\n{}", differing.join("\n"));
}
