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
    // Half of them are enough to be cut into parts.
    grows_evenly("elseif", 4000, |parts| {
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

/// The most lines of a function or closure, which is what rustc works on at once.
fn longest_stretch(text: &str) -> usize {
    let text = text.replace("Part::run", "fn mw_section_").replace("Part::wait(async", "fn mw_section_");
    let parts = text.split("fn mw_section_").map(|part| part.lines().count());
    parts.max().unwrap_or(0)
}

/// Sections, each with its own closing brace, and none of the closures and blocks that stand in for them.
fn is_in_sections(text: &str) -> bool {
    text.contains("fn mw_section_1(") && !text.contains("Part::run") && !text.contains("Part::wait(async")
}

#[test]
fn long_functions_are_cut_into_sections_and_others_are_not() {
    let statements = |count: usize, end: &str| {
        let lines: String =
            (0..count).map(|at| format!("t[{at}] = f({at}) if t.x then {end} end\n")).collect();
        format!("local f, t = ... {lines} return t")
    };
    for end in ["return t", "t.y = t.z", "t = f(t)"] {
        assert!(!emitted(&statements(150, end)).contains("mw_section"));
        let long = emitted(&statements(1500, end));
        assert!(is_in_sections(&long));
        assert!(longest_stretch(&long) < 130, "{end}: {}", longest_stretch(&long));
    }
    let items = |count: usize| {
        let items: String = (0..count).map(|at| format!("x{at} = f({at}), f({at}), ")).collect();
        format!("local f = ... return {{ {items} }}")
    };
    assert!(!emitted(&items(100)).contains("mw_section"));
    assert!(is_in_sections(&emitted(&items(1000))));
    assert!(longest_stretch(&emitted(&items(1000))) < 200);
    let body = statements(1500, "t.y = coroutine.yield() or t.z");
    let waiting = emitted(&format!("local function waits(...) {body} end coroutine.wrap(waits)()"));
    assert!(waiting.contains("async fn mw_section_1(") && is_in_sections(&waiting));
    assert!(longest_stretch(&waiting) < 300, "{}", longest_stretch(&waiting));
}

/// What took rustc the longest before: each becomes functions of a few dozen operations.
#[test]
fn long_runs_of_one_shape_are_cut_evenly() {
    let many = |line: &dyn Fn(usize) -> String| (0..1300).map(line).collect::<String>();
    let chain = many(&|at| format!("elseif x == {at} then return 'v{at}' "));
    let open_chain = many(&|at| format!("elseif x == {at} then y = x "));
    let shapes = [
        ("returns", many(&|at| format!("if x == {at} then return 'v{at}' end "))),
        ("breaks", format!("while x do {} end", many(&|at| format!("if x == {at} then break end ")))),
        ("chain", format!("if x == 'a' then return x {chain} else return y end")),
        ("open chain", format!("if x == 'a' then y = 1 {open_chain} end return y")),
        (
            "nested tables",
            many(&|at| format!("x.e{at} = {{ name = 'e{at}', tags = {{{{ 'a', f({at}) }}}} }} ")),
        ),
        ("registrations", many(&|at| format!("f('op{at}', function(a) return a + {at} end) "))),
    ];
    for (shape, body) in shapes {
        let long = emitted(&format!("local f = ... local function g(x, y) {body} end f(g)"));
        assert!(is_in_sections(&long), "{shape}");
        // The functions of `registrations` stand behind it.
        let code = long.split_once("pub fn chunk").unwrap().1;
        let own = code.split("lua_function!").map(longest_stretch).max();
        assert!(own < Some(450), "{shape}: {own:?}");
    }
}

/// A section is lent what it names, as it uses it.
#[test]
fn sections_are_lent_variables() {
    let lines: String = (0..400).map(|at| format!("t[{at}] = g(t, {at}) total = total + t[{at}] ")).collect();
    let text = emitted(&format!(
        "local g = ... local function sum(t) local total, n = 0, 0 {lines} return total end print(sum(g))"
    ));
    let head = "    fn mw_section_1(cx: Cx, g: &Value, t: &Value, total: &mut Value) -> LuaResult<()> {\n";
    assert!(text.contains(head), "{text}");
    assert!(text.contains("    mw_section_1(cx, g, t, &mut total)?;\n"));
    assert!(text.contains("        *total = add(\n            cx,\n            &*total,\n"));
}
