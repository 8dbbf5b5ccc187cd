//! What each stage makes of one small application: `stages/src` is shown stage by stage and compared
//! with `stages/<stage>.txt`. `MOONWRIGHT_BLESS=1` accepts what is there now.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;

use moonwright_compiler::driver::{self, Stage};
use moonwright_compiler::input::{Input, Root, Script};

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

/// What the analyses say of a script.
fn facts_of(text: &str) -> String {
    shown(text, Stage::Facts)
}

fn shown(text: &str, stage: Stage) -> String {
    shown_beside(&[], text, stage)
}

/// With other files in the folder of the script.
fn shown_beside(others: &[&str], text: &str, stage: Stage) -> String {
    let mut files = BTreeMap::from([("main.lua".to_owned(), text.as_bytes().to_vec())]);
    files.extend(others.iter().map(|other| ((*other).to_owned(), b"return {}\n".to_vec())));
    let input = Input {
        name: "main".to_owned(),
        command: "cargo xtask build main.lua".to_owned(),
        roots: vec![Root { label: ".".to_owned(), module: None, files }],
        script: Some(Script { path: "main.lua".to_owned(), file: "main.lua".to_owned() }),
        ..Input::default()
    };
    let (output, text) = driver::show(&input, stage, None);
    assert!(!output.has_errors(), "{:?}", output.diagnostics);
    text
}

#[test]
fn a_script_without_channels_may_have_their_words() {
    let reader = "local M = { events = {}, after = 1 }\nfunction M.read(f) print(M.after, M.events) f:close() end\nM.read(io.stdout)\n";
    assert!(!facts_of(reader).contains("may suspend:"));
    for source in ["local c = channel.new(1)", "local inbox = _G['process'].inbox()", "local p = _G.process"]
    {
        let facts = facts_of(&format!("{source}\n{reader}"));
        assert!(facts.contains("may suspend: close"), "{source}:\n{facts}");
    }
}

#[test]
fn a_script_takes_all_files_of_its_folder_only_if_it_may_find_them() {
    let has_other = |text: &str| shown_beside(&["other.lua"], text, Stage::Hir).contains("other");
    for text in [
        "local windows = package.config:sub(1, 1) == '\\\\'",
        "if type(package) == 'table' then print(_G.print, package and package.config) end",
        "package.loaded.mine = {} print(package.searchpath('x', package.cpath))",
        "local self = {} function self.set(package) self.package = package end print(package.config)",
        "local ok, found = pcall(require, 'third')",
    ] {
        assert!(!has_other(text), "{text}");
    }
    for text in [
        "local name = ... require(name)",
        "local load = require load('other')",
        "local load = package.loaded._G.require load(...)",
        "local libraries = package libraries.searchers[2](...)",
        "package.path = './lib/?.lua'",
        "print(_G['re' .. 'quire'](...))",
        "local p = package and package print(p)",
        "require 'other'",
    ] {
        assert!(has_other(text), "{text}");
    }
}

#[test]
fn operators_are_inlined_in_loops_that_make_no_text_at_every_turn() {
    let loops = |body: &str| {
        shown(&format!("return function(list, n)\n  for i = 1, n do\n    {body}\n  end\nend\n"), Stage::Rust)
    };
    for hot in [
        "list[i] = i + n",
        "list[i] = math.floor(i + n)",
        "if i == n then print(i + n) end",
        "local f = function() return tostring(i) end list[i] = i + n",
    ] {
        assert!(loops(hot).contains("fast::add("), "{hot}:\n{}", loops(hot));
    }
    for cold in [
        "list[i] = tostring(i + n)",
        "list[i] = (\"%d\"):format(i + n)",
        "local text = list[i]:upper() list[text] = i + n",
        "for j = 1, n do list[j] = tostring(i + j) end",
        "if string.format(\"%d\", i) == n then list[i] = i + n end",
    ] {
        assert!(!loops(cold).contains("fast::"), "{cold}:\n{}", loops(cold));
    }
}
