//! Whatever stands in a manifest, reading it ends with entries or diagnostics, never with a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use moonwright_compiler::diagnostics;
use moonwright_compiler::input::{Input, Root};
use moonwright_compiler::manifest;
use moonwright_compiler::source::Sources;

/// More rounds for a long run: `MOONWRIGHT_FUZZ=1000000`.
fn rounds() -> usize {
    std::env::var("MOONWRIGHT_FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(1000)
}

/// What is put into the texts.
const PIECES: [&str; 44] = [
    "&a ",
    "*a",
    "<<: ",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "|\n",
    ">\n",
    "\n",
    "  ",
    "\t",
    "#",
    "!!str ",
    "!x ",
    "~",
    "0600",
    "2024-01-01",
    ".nan",
    "é",
    "\u{feff}",
    "\u{1}",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\\",
    "\\ud800",
    "file://",
    "file://../x",
    "${",
    "}",
    "namespace: app\n",
    "entries:\n",
    "kind: process.lua\n",
    "name: x\n",
    "source: return 1\n",
    "lifecycle: ",
    "5",
    "\r\n",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn mutated_manifests_never_panic() {
    let corpus = corpus();
    assert!(corpus.len() > 40, "only {} files", corpus.len());
    let mut random = Random(7);
    let mut ambiguous = 0;
    for _ in 0..rounds() {
        let mut bytes = corpus[random.below(corpus.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &corpus, &mut random);
        }
        let codes = read(bytes, ["_index.yaml", "_index.json"][random.below(8) / 7]);
        ambiguous += usize::from(codes.contains(&"M0009"));
    }
    // What the two readers of YAML understand in different ways is rare even among these.
    assert!(ambiguous * 200 < rounds(), "{ambiguous} of {} are ambiguous", rounds());
}

#[test]
fn random_pieces_never_panic() {
    let mut random = Random(11);
    for _ in 0..rounds() {
        let length = random.below(30);
        let text: String = (0..length).map(|_| PIECES[random.below(PIECES.len())]).collect();
        read(text.into_bytes(), ["_index.yaml", "_index.json"][random.below(8) / 7]);
    }
}

#[test]
fn nesting_and_aliases_never_exhaust_anything() {
    for deep in ["[", "{a: ", "- ", "? ", "{\"a\":["] {
        for text in [deep.repeat(100_000), format!("namespace: app\nentries: {}", deep.repeat(100_000))] {
            for name in ["a.yaml", "a.json"] {
                assert!(!read(text.clone().into_bytes(), name).is_empty(), "{deep}");
            }
        }
    }
    // Each line doubles what the line before it stands for.
    let mut laughs = "namespace: app\nname: x\nkind: registry.entry\na0: &a0 [x, x]\n".to_owned();
    for level in 1..60 {
        laughs += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
    }
    assert_eq!(read(laughs.into_bytes(), "a.yaml"), ["M0001"]);
    let path = vec!["a"; 100].join(".");
    let configuration = format!("version: \"1.0\"\noverride: {{ \"app:x:{path}\": 1 }}\n");
    let text = "namespace: app\nname: x\nkind: registry.entry\n";
    assert_eq!(read_with(text.into(), "a.yaml", Some(configuration.into_bytes())), ["M0063"]);
}

fn corpus() -> Vec<Vec<u8>> {
    let mut corpus = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifest"), &mut corpus);
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src"), &mut corpus);
    corpus.sort();
    corpus
}

fn collect(folder: &Path, corpus: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, corpus);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            corpus.push(fs::read(path).unwrap());
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + random.below(12)).min(bytes.len());
    match random.below(6) {
        0 => drop(bytes.drain(at..end)),
        1 => {
            let copied: Vec<u8> = bytes[at..end].to_vec();
            let target = random.below(bytes.len() + 1);
            bytes.splice(target..target, copied);
        }
        2 => {
            let other = &corpus[random.below(corpus.len())];
            let start = random.below(other.len() + 1);
            let stop = (start + random.below(60)).min(other.len());
            bytes.splice(at..at, other[start..stop].iter().copied());
        }
        3 => bytes.truncate(at),
        4 => bytes.splice(at..end, [random.below(256) as u8]).for_each(drop),
        _ => {
            let piece = PIECES[random.below(PIECES.len())];
            bytes.splice(at..at, piece.bytes());
        }
    }
}

/// Reads the bytes as a configuration, which must stand them as well, and as a manifest.
fn read(bytes: Vec<u8>, name: &str) -> Vec<&'static str> {
    let host = b"namespace: app\nname: x\nkind: process.host\n";
    read_with(host.to_vec(), "a.yaml", Some(bytes.clone()));
    read_with(bytes, name, None)
}

fn read_with(bytes: Vec<u8>, name: &str, configuration: Option<Vec<u8>>) -> Vec<&'static str> {
    let lua = ("x.lua".to_owned(), b"return 1".to_vec());
    let files = BTreeMap::from([(name.to_owned(), bytes), lua]);
    let input = Input {
        roots: vec![Root { label: "src".to_owned(), module: None, files }],
        configuration: configuration.map(|bytes| (".wippy.yaml".to_owned(), bytes)),
        ..Input::default()
    };
    let mut sources = Sources::default();
    let (application, found) = manifest::read(&input, &mut sources);
    // Every message can be shown, every entry written down and read again.
    diagnostics::text(&found, &sources, false);
    diagnostics::json_lines(&found, &sources);
    for entry in &application.entries {
        for value in [&entry.meta, &entry.data] {
            let again: serde_json::Value = serde_json::from_str(&value.to_string()).unwrap();
            assert_eq!(again.to_string(), value.to_string());
        }
    }
    found.iter().map(|found| found.code).collect()
}
