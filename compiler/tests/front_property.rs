//! Parse and resolve on texts nobody wrote: words in random order, and the snapshot inputs with words
//! dropped, doubled, swapped and replaced. No panic, and every rejection has a diagnostic in range.

#![allow(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::{env, fs};

use moonwright_compiler::deep::with_deep_stack;
use moonwright_compiler::parse::lexer;
use moonwright_compiler::source::{SourceFile, Sources};
use moonwright_compiler::{hir, parse, resolve};

const WORDS: &[&str] = &[
    "and",
    "break",
    "do",
    "else",
    "elseif",
    "end",
    "false",
    "for",
    "function",
    "goto",
    "if",
    "in",
    "local",
    "nil",
    "not",
    "or",
    "repeat",
    "return",
    "then",
    "true",
    "until",
    "while",
    "as",
    "asserts",
    "extends",
    "fun",
    "interface",
    "is",
    "keyof",
    "readonly",
    "typeof",
    "type",
    "continue",
    "const",
    "a",
    "b",
    "x",
    "number",
    "string",
    "1",
    "0x1p4",
    ".5",
    "'s'",
    "[[l]]",
    "...",
    "..",
    "==",
    "~=",
    "<=",
    ">=",
    "//",
    "::",
    "<<",
    ">>",
    "->",
    "?:",
    "+",
    "-",
    "*",
    "^",
    "<",
    ">",
    "=",
    "~",
    "#",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    ":",
    ",",
    ".",
    "!",
    "@",
    "?",
    "<const>",
    "<close>",
    "\n",
    "--",
    "--[[",
    "]]",
    "\"",
    "\\",
    "`",
    "\u{e9}",
];

/// A small generator: the same texts on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap_or_default();
        high % limit.max(1)
    }

    fn word(&mut self) -> &'static str {
        WORDS.get(self.below(WORDS.len())).copied().unwrap_or_default()
    }
}

/// Parses and resolves one text; whether it was accepted.
fn front(text: &str) -> bool {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("random.lua", text));
    let (chunk, mut found) = parse::parse(file, &sources);
    assert_eq!(chunk.is_none(), !found.is_empty(), "{text}");
    if let Some(chunk) = chunk {
        let (unit, names) =
            resolve::resolve("app:random", &chunk, file, &sources, resolve::Mode::Application);
        if names.is_empty() {
            assert_eq!(hir::verify(&unit), Vec::<String>::new(), "{text}");
        }
        found.extend(names);
    }
    for fault in &found {
        assert_ne!(fault.code, "P0009", "{text}");
        let span = fault.span.expect("a fault of a text has a place");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text}: {fault:?}");
    }
    found.is_empty()
}

#[test]
fn random_words() {
    with_deep_stack(|| {
        let mut random = Random(1);
        for _ in 0..2_000 {
            let count = 1 + random.below(30);
            let words: Vec<_> = (0..count).map(|_| random.word()).collect();
            front(&words.join(" "));
            front(&words.concat());
        }
    });
}

#[test]
fn mutated_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parse");
    let mut inputs: Vec<_> = fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|case| case.expect("a case").path().join("input.lua"))
        .collect();
    inputs.sort();
    let mut parts = Vec::new();
    for input in inputs {
        let text = fs::read_to_string(input).expect("input.lua is UTF-8");
        parts.extend(text.split("----\n").filter(|part| part.len() < 4_000).map(str::to_owned));
    }
    let accepted = with_deep_stack(|| {
        let mut random = Random(2);
        (0..4_000)
            .filter(|_| {
                let text = parts.get(random.below(parts.len())).map_or("", String::as_str);
                front(&mutated(text, &mut random))
            })
            .count()
    });
    // Some mutations are harmless: both ends of the range are looked at.
    assert!((200..3_800).contains(&accepted), "{accepted} of 4000 accepted");
}

fn mutated(text: &str, random: &mut Random) -> String {
    // Every word with the blanks before it.
    let mut at = 0;
    let mut pieces: Vec<String> = Vec::new();
    for token in lexer::tokens(text) {
        pieces.push(text.get(at..token.end).unwrap_or_default().to_owned());
        at = token.end;
    }
    for _ in 0..1 + random.below(3) {
        let (one, other) = (random.below(pieces.len()), random.below(pieces.len()));
        match random.below(5) {
            0 if !pieces.is_empty() => drop(pieces.remove(one)),
            1 => pieces.insert(one, format!(" {}", random.word())),
            2 if !pieces.is_empty() => pieces.swap(one, other),
            3 if !pieces.is_empty() => pieces.truncate(one + 1),
            _ => {
                if let Some(piece) = pieces.get_mut(one) {
                    *piece = format!(" {}", random.word());
                }
            }
        }
    }
    pieces.concat()
}

#[test]
fn long_programs_are_accepted() {
    let chain = |operator: &str, count: usize| format!("return {}", vec!["a"; count].join(operator));
    for text in [
        chain(" + ", 5_000),
        chain(" .. ", 10_000),
        chain(" ^ ", 5_000),
        chain(" and ", 10_000),
        format!("return {{{}}}", "1, ".repeat(10_000)),
        format!("return a{}", ".b(1)".repeat(4_000)),
        format!("return {}x", "not ".repeat(5_000)),
        "local x = 1 ".repeat(3_000),
        format!("if a then b() {} end", "elseif a then b() ".repeat(5_000)),
        format!("{}{}", "do ".repeat(199), "end ".repeat(199)),
    ] {
        let accepted = with_deep_stack(|| front(&text));
        assert!(accepted, "{}...", text.chars().take(60).collect::<String>());
    }
}

#[test]
fn too_long_programs_are_refused() {
    let nested =
        |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    for text in [
        format!("return {}", vec!["a"; 100_000].join(" + ")),
        format!("return {}x", "- ".repeat(100_000)),
        format!("return {}", nested("(", ")", 100_000)),
        format!("return {}", nested("{", "}", 100_000)),
        format!("return a{}", nested("[", "]", 100_000)),
        "function f() ".repeat(100_000),
        "if a then ".repeat(100_000),
        format!("type T = {}", nested("{", "}", 100_000)),
        format!("type T = {}", nested("(", ") -> A", 100_000)),
        format!("type T = U{}", "[]".repeat(100_000)),
        format!("type T = U{}", " | A & B".repeat(100_000)),
        format!("local x: {}", "A extends B ? ".repeat(100_000)),
    ] {
        let accepted = with_deep_stack(|| front(&text));
        assert!(!accepted, "{}...", text.chars().take(60).collect::<String>());
    }
}
