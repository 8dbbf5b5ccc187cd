//! The whole compiler on texts nobody wrote: the conformance scripts and the snapshot inputs with words
//! dropped, doubled, swapped, replaced and moved from one text to another, compiled as a script and as an
//! application. No panic, every rejection has a diagnostic, and what is accepted becomes Rust.
//!
//! `MOONWRIGHT_MUTATIONS=100000` tries as many, `MOONWRIGHT_SEED=7` others, and `MOONWRIGHT_KEEP=folder`
//! keeps the accepted scripts, for `MOONWRIGHT_BUILD=folder cargo test -p moonwright-tests --test lang`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use moonwright_compiler::driver::{self, Output};
use moonwright_compiler::input::{Input, Options, Root, Script};
use moonwright_compiler::parse::{self, lexer};
use moonwright_compiler::source::{SourceFile, Sources};

/// Mutations of an ordinary run: some twenty seconds of one core without optimisation.
const MUTATIONS: usize = 2_000;

const MANIFEST: &str = "version: \"1.0\"\nnamespace: app\nentries:\n  - name: main\n    kind: library.lua\n    \
                        source: file://text.lua\n    modules: [time, json, logger]\n";

/// A small generator: the same texts on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// Every word with the blanks before it.
fn words(text: &str) -> Vec<String> {
    let mut at = 0;
    let piece = |token: lexer::Token| {
        let piece = text.get(at..token.end).unwrap_or_default().to_owned();
        at = token.end;
        piece
    };
    lexer::tokens(text).into_iter().map(piece).collect()
}

/// Texts cut into stretches of a few statements.
fn stretches() -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["../tests/lang", "../examples", "../src", "tests/parse"] {
        gather(&root.join(folder), &mut files);
    }
    assert!(files.len() > 50, "{files:?}");
    let mut stretches = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        let mut stretch = String::new();
        for line in text.lines().filter(|line| line.len() < 1_000) {
            let begins = line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-');
            if begins && stretch.len() > 300 && is_complete(&stretch) {
                stretches.push(words(&stretch));
                stretch.clear();
            }
            stretch.push_str(line);
            stretch.push('\n');
        }
        stretches.push(words(&stretch));
    }
    stretches.retain(|words| !words.is_empty());
    stretches
}

fn is_complete(text: &str) -> bool {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("text.lua", text));
    parse::parse(file, &sources).0.is_some()
}

fn gather(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            gather(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "lua") {
            files.push(entry);
        }
    }
}

fn mutated(stretches: &[Vec<String>], random: &mut Random) -> String {
    let any = |random: &mut Random| stretches.get(random.below(stretches.len())).unwrap();
    let mut text = any(random).clone();
    for _ in 0..random.below(5) {
        let (one, other) = (random.below(text.len()), random.below(text.len()));
        match random.below(6) {
            0 if !text.is_empty() => drop(text.remove(one)),
            1 if !text.is_empty() => text.swap(one, other),
            2 if !text.is_empty() => text.insert(other, text.get(one).unwrap().clone()),
            3 => {
                let from = any(random);
                text.insert(one, from.get(random.below(from.len())).unwrap().clone());
            }
            4 => {
                // A run of words of another text, or of this one again.
                let from = any(random);
                let start = random.below(from.len());
                let run = from.get(start..(start + 8).min(from.len())).unwrap();
                let spaced = run.iter().map(|word| format!(" {}", word.trim_start()));
                text.splice(one..one, spaced).for_each(drop);
            }
            _ => {
                let from = any(random);
                if let Some(word) = text.get_mut(one) {
                    word.clone_from(from.get(random.below(from.len())).unwrap());
                }
            }
        }
    }
    text.concat()
}

fn compiled(files: &[(&str, &str)], script: Option<&str>) -> Output {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let root = Root { label: "src".to_owned(), module: None, files: files.collect::<BTreeMap<_, _>>() };
    let input = Input {
        name: "whole".to_owned(),
        command: "cargo xtask build".to_owned(),
        roots: vec![root],
        script: script.map(|file| Script { path: file.to_owned(), file: file.to_owned() }),
        ..Input::default()
    };
    driver::compile(&input, &Options { runtime_path: String::new(), is_member: true })
}

/// Whether the text was accepted.
fn check(output: &Output) -> bool {
    for found in &output.diagnostics {
        assert!(!matches!(found.code, "P0009" | "B0001"), "{found:?}");
        let Some(span) = found.span else { continue };
        let text = &output.sources.file(span.file).text;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{found:?}");
    }
    assert_eq!(output.has_errors(), output.files.is_empty());
    for (path, text) in output.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let parsed = syn::parse_file(text);
        assert!(parsed.is_ok(), "{path}: {:?}\n{text}", parsed.err());
    }
    !output.has_errors()
}

#[test]
fn mutated_texts_are_refused_or_become_rust() {
    let number = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse::<usize>().ok());
    let stretches = stretches();
    let mut random = Random(number("MOONWRIGHT_SEED").unwrap_or(1) as u64);
    let count = number("MOONWRIGHT_MUTATIONS").unwrap_or(MUTATIONS);
    let keep = std::env::var_os("MOONWRIGHT_KEEP");
    let (mut scripts, mut applications) = (0, 0);
    for mutation in 0..count {
        let text = mutated(&stretches, &mut random);
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let is_script = check(&compiled(&[("text.lua", &text)], Some("text.lua")));
            scripts += usize::from(is_script);
            if let Some(folder) = keep.as_ref().filter(|_| is_script) {
                // Each in a folder of its own: a script may require whatever lies beside it.
                let folder = Path::new(folder).join(format!("mutation_{mutation}"));
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("text.lua"), &text).unwrap();
            }
            let files = [("_index.yaml", MANIFEST), ("text.lua", text.as_str())];
            applications += usize::from(check(&compiled(&files, None)));
        }));
        assert!(tried.is_ok(), "the compiler failed on\n{text}");
    }
    // Some mutations are harmless: both ends of the range are looked at.
    for accepted in [scripts, applications] {
        assert!((count / 20..count * 19 / 20).contains(&accepted), "{accepted} of {count} accepted");
    }
}
