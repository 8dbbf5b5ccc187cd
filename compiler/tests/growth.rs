//! The emitted text grows with the program: twice the depth or the width gives about twice the text.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use moonwright_compiler::driver::{self, Stage};
use moonwright_compiler::input::{Input, Root, Script};

fn emitted(text: &str) -> String {
    let files = BTreeMap::from([("main.lua".to_owned(), text.as_bytes().to_vec())]);
    let input = Input {
        name: "main".to_owned(),
        command: "cargo xtask build main.lua".to_owned(),
        roots: vec![Root { label: ".".to_owned(), module: None, files }],
        script: Some(Script { path: "main.lua".to_owned(), file: "main.lua".to_owned() }),
        ..Input::default()
    };
    let (output, text) = driver::show(&input, Stage::Rust, None);
    assert!(!output.has_errors(), "{:?}", output.diagnostics);
    text
}

/// The text of a program with `parts` of something is at most 2.2 times that of one with half as many.
fn grows_evenly(what: &str, parts: usize, program: impl Fn(usize) -> String) {
    let (half, whole) = (emitted(&program(parts / 2)).len(), emitted(&program(parts)).len());
    assert!(whole * 10 < half * 22, "{what}: {half} bytes become {whole}");
}

#[test]
fn deep_expressions_give_text_as_long_as_they_are() {
    let chain = |link: &'static str| move |parts| format!("local t = ... local x = t{}", link.repeat(parts));
    for link in [".a", "[1]", "()", ":m()", ":m(t.x, t())", "'text'", "+t", "^t", "==t", " and t or t", "..t"]
    {
        // Operators that nest to the right have Lua's own limit.
        let parts = if matches!(link, "^t" | "..t") { 180 } else { 800 };
        grows_evenly(link, parts, chain(link));
    }
    for (open, close) in [
        ("t(", ")"),
        ("(t(", "))"),
        ("{", "}"),
        ("{t, x = ", "}"),
        ("{[t] = ", "}"),
        ("- ", ""),
        ("not ", ""),
    ] {
        grows_evenly(open, 90, |parts| {
            format!("local t = ... local x = {}t{}", open.repeat(parts), close.repeat(parts))
        });
    }
}

#[test]
fn wide_programs_give_text_as_long_as_they_are() {
    let repeat = |parts: usize, part: &dyn Fn(usize) -> String| -> String { (0..parts).map(part).collect() };
    grows_evenly("elseif", 1000, |parts| {
        format!("local x = ... if x then {} end", repeat(parts, &|at| format!("elseif x == {at} then x() ")))
    });
    grows_evenly("items", 4000, |parts| {
        format!("local x = ... x = {{{}}}", repeat(parts, &|at| format!("x + {at}, ")))
    });
    grows_evenly("fields", 2000, |parts| {
        format!("local x = ... x = {{{}}}", repeat(parts, &|at| format!("f{at} = x, ")))
    });
    grows_evenly("statements", 1000, |parts| {
        format!("local x = ... {}", repeat(parts, &|at| format!("x.a{at} = x.b(x, {at}) ")))
    });
    grows_evenly("targets", 180, |parts| {
        format!("local f = ... {}a = f()", repeat(parts, &|at| format!("a{at}, ")))
    });
}

/// Many variables that many errors meet are kept in memory; a few, or few errors, are not.
#[test]
fn variables_of_long_functions_stay_in_memory() {
    let function = |variables: usize, calls: usize| {
        let locals: String = (0..variables).map(|at| format!("local v{at} = t[{at}] ")).collect();
        let calls: String = (0..calls).map(|at| format!("v0 = t(v{}) ", at % variables)).collect();
        emitted(&format!("local function f(t) {locals} {calls} return v0 end print(f)"))
    };
    assert!(!function(10, 50).contains("in_memory"));
    assert!(!function(2, 500).contains("in_memory"));
    let long = function(100, 100);
    assert!(long.contains(
        "    let mut v0 = index(cx, t, Value::int(0), at!(1, local \"t\"))?;\n    in_memory(&v0);\n"
    ));
    assert_eq!(long.matches("in_memory(&v").count(), 100);
}

/// The most lines between two braces of the same function or closure, which is what rustc works on at once.
fn longest_stretch(text: &str) -> usize {
    let parts = text.split("Part::").map(|part| part.lines().count());
    parts.max().unwrap_or(0)
}

#[test]
fn long_functions_are_cut_into_parts_and_others_are_not() {
    let statements = |count: usize| {
        let lines: String =
            (0..count).map(|at| format!("t[{at}] = f({at}) if t.x then return t end\n")).collect();
        format!("local f, t = ... {lines} return t")
    };
    assert!(!emitted(&statements(150)).contains("Part::"));
    // Statements that return stay between the parts, too short for parts of their own.
    assert!(!emitted(&statements(1500)).contains("Part::"));
    let without_returns = |count| statements(count).replace("return t end", "t.y = t.z end");
    assert!(!emitted(&without_returns(150)).contains("Part::"));
    assert!(longest_stretch(&emitted(&without_returns(1500))) < 100);
    let items = |count: usize| {
        let items: String = (0..count).map(|at| format!("x{at} = f({at}), f({at}), ")).collect();
        format!("local f = ... return {{ {items} }}")
    };
    assert!(!emitted(&items(100)).contains("Part::"));
    assert!(longest_stretch(&emitted(&items(1000))) < 200);
    let body = without_returns(1500).replace("t.y =", "t.y = coroutine.yield() or");
    let waiting = emitted(&format!("local function waits(...) {body} end coroutine.wrap(waits)()"));
    assert!(waiting.contains("Part::wait(async {"));
    assert!(longest_stretch(&waiting) < 300, "{}", longest_stretch(&waiting));
}
