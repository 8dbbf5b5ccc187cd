use super::*;
use crate::hir::{ExprKind, StmtKind, TypeKind};
use crate::source::SourceFile;

fn resolved(text: &str) -> (Unit, Vec<&'static str>) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("x.lua", text));
    let (chunk, faults) = crate::parse::parse(file, &sources);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    let (unit, found) = resolve("app:x", &chunk.unwrap(), file, &sources, Mode::Application);
    (unit, found.iter().map(|found| found.code).collect())
}

/// The values of the chunk's `return`, which is its last statement.
fn returned(unit: &Unit) -> Vec<&ExprKind> {
    match &unit.functions[unit.chunk].body.last().unwrap().kind {
        StmtKind::Return(values) => values.iter().map(|value| &unit.exprs[*value].kind).collect(),
        other => panic!("no return: {other:?}"),
    }
}

#[test]
fn captures_go_through_every_function_between() {
    let (unit, faults) = resolved("local a, b = 1, 2\nlocal function f() return function() a = b end end");
    assert!(faults.is_empty());
    let captures: Vec<_> = unit.functions.iter().map(|(_, function)| function.captures.len()).collect();
    assert_eq!(captures, [0, 2, 2]);
    let flags: Vec<_> = unit
        .locals
        .iter()
        .map(|(_, local)| (local.is_captured, local.is_reassigned, local.is_read))
        .collect();
    assert_eq!(flags, [(true, true, false), (true, false, true), (false, false, false)]);
}

#[test]
fn a_name_means_the_innermost_local_in_scope() {
    let (unit, _) = resolved("local x = 1; do local x = 2; x() end; x(); y(); local x = x; return x, y");
    let names: Vec<_> = unit
        .exprs
        .iter()
        .filter_map(|(_, expr)| match &expr.kind {
            ExprKind::Local(local) => Some(format!("{local:?}")),
            ExprKind::Global(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["local1", "local0", "y", "local0", "local2", "y"]);
}

#[test]
fn concatenation_chains_are_flat_and_constant_keys_are_fields() {
    let (unit, _) = resolved("return a .. b .. c .. 1, t['k'], a .. (b .. c), t['\\xff'], t[(('k'))]");
    let values = returned(&unit);
    assert!(matches!(values[0], ExprKind::Concat(parts) if parts.len() == 4));
    assert!(matches!(values[1], ExprKind::Field { name, .. } if name == "k"));
    assert!(matches!(values[2], ExprKind::Concat(parts) if parts.len() == 2));
    assert!(matches!(values[3], ExprKind::Index { .. }));
    assert!(matches!(values[4], ExprKind::Index { .. }));
}

#[test]
fn labels_gotos_breaks_and_varargs_follow_lua() {
    let cases: [(&str, &[&str]); 18] = [
        ("goto a; local x; ::a::", &[]),
        ("goto a; local x; ::a:: ; ::b::", &[]),
        ("goto a; local x; ::a:: f()", &["R0003"]),
        ("goto a; local x; ::a:: return", &["R0003"]),
        ("goto nowhere", &["R0001"]),
        ("do ::a:: end goto a", &["R0001"]),
        ("::a:: local function f() goto a end", &["R0001"]),
        ("::a:: ::a::", &["R0002"]),
        ("do ::a:: end ::a::", &[]),
        ("::a:: do ::a:: goto a end", &[]),
        ("break", &["R0004"]),
        ("while x do local function f() break end end", &["R0004"]),
        ("repeat local x until (function() break end)()", &["R0004"]),
        ("local function f() return ... end", &["R0005"]),
        ("while x do goto continue; local y = 1; ::continue:: end", &[]),
        ("repeat goto continue; local y = 1; ::continue:: until y", &["R0003"]),
        ("while x do goto continue; local y = 1; ::continue:: break; f() end", &["R0003"]),
        ("do goto a end local x; do goto a end ::a::", &[]),
    ];
    for (text, codes) in cases {
        assert_eq!(resolved(text).1, codes, "{text}");
    }
}

#[test]
fn every_goto_finds_its_label_among_the_statements() {
    let text = "do goto a end goto a; if x then goto a end f() ::a:: goto a";
    let (unit, faults) = resolved(text);
    assert!(faults.is_empty());
    let body = &unit.functions[unit.chunk].body;
    let labels: Vec<_> = body
        .iter()
        .filter_map(|statement| match statement.kind {
            StmtKind::Label(label) => Some(label),
            _ => None,
        })
        .collect();
    assert!(!labels.is_empty());
    let StmtKind::Goto(last) = body.last().unwrap().kind else { panic!() };
    assert_eq!(Some(&last), labels.first());
}

#[test]
fn break_may_stand_in_mid_block() {
    let (unit, faults) =
        resolved("while x do break; f() end for i = 1, 2 do if i then break end break g() end");
    assert!(faults.is_empty());
    assert!(unit.loops.iter().all(|(_, found)| found.has_break));
    let StmtKind::While { body, .. } = &unit.functions[unit.chunk].body[0].kind else { panic!() };
    assert!(matches!(body[0].kind, StmtKind::Break(_)));
    assert_eq!((body.len(), unit.labels.len()), (2, 0));
}

#[test]
fn constants_and_closed_variables_are_guarded() {
    let cases: [(&str, &[&str]); 6] = [
        ("local x <const> = 1; x = 2", &["R0006"]),
        ("local x <close> = y; local function f() x = 2 end", &["R0006"]),
        ("local x <const> = 1; local x = 2; x = 3", &[]),
        ("local f <const> = function() end function f() end", &["R0006"]),
        ("local a <close>, b <const> = f()", &[]),
        ("local a <close>, b <close> = f()", &["R0007"]),
    ];
    for (text, codes) in cases {
        assert_eq!(resolved(text).1, codes, "{text}");
    }
}

#[test]
fn only_places_are_assigned_to() {
    for text in ["(x) = 1", "(x.y) = 1", "a, (b) = 1", "x as T = 1", "x! = 1", "t.y! = 1", "f() as T", "f()!"]
    {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x.lua", text));
        let (chunk, faults) = crate::parse::parse(file, &sources);
        let codes: Vec<_> = match chunk {
            Some(chunk) => resolve("app:x", &chunk, file, &sources, Mode::Application).1,
            None => faults,
        };
        assert_eq!(codes.len(), 1, "{text}: {codes:?}");
    }
    assert!(resolved("(x).y = 1; t[1], (f()).x = 2; t!.y = 3").1.is_empty());
}

#[test]
fn a_cast_gives_one_value_and_is_kept() {
    let (unit, _) =
        resolved("return f() as T, f(), f()!, (f()) as T, ... :: T, x as A as B, (a + b) as C, f()!.x");
    let single: Vec<_> = returned(&unit).iter().map(|kind| matches!(kind, ExprKind::Single(_))).collect();
    assert_eq!(single, [true, false, true, true, true, false, false, false]);
    let casts: Vec<_> =
        unit.casts.iter().map(|cast| (&unit.exprs[cast.expr].kind, cast.to.is_some())).collect();
    assert_eq!(casts.len(), 8);
    assert!(matches!(casts[0], (ExprKind::Call { .. }, true)));
    assert!(matches!(casts[1], (ExprKind::Call { .. }, false)));
    assert!(matches!(casts[6], (ExprKind::Binary { .. }, true)));
}

#[test]
fn types_are_kept_on_locals_parameters_and_results() {
    let text = "local a: number, b <const>: string = 1, 's'\n\
                function f<T: U>(self: T, x: {T}, ...: any): (T?, string) end\n\
                local g = function(): () end";
    let (unit, faults) = resolved(text);
    assert!(faults.is_empty());
    let typed: Vec<_> = unit
        .locals
        .iter()
        .filter(|(_, local)| local.ty.is_some())
        .map(|(_, local)| local.name.as_str())
        .collect();
    assert_eq!(typed, ["a", "b", "self", "x"]);
    let functions: Vec<_> = unit.functions.iter().map(|(_, function)| function).collect();
    assert_eq!(functions[1].type_parameters.len(), 1);
    assert!(functions[1].vararg_type.is_some());
    let results = functions[1].result_types.as_ref().unwrap();
    assert!(matches!(results[0].kind, TypeKind::Optional(_)));
    assert_eq!(results.len(), 2);
    assert_eq!(functions[2].result_types.as_deref(), Some(&[][..]));
}

#[test]
fn spans_are_the_bytes_of_the_source() {
    let text = "return (a) + b.c[1] * f(2):g{3} .. 'x' -- c";
    let (unit, _) = resolved(text);
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("x.lua", text));
    let _ = file;
    let shown: Vec<_> =
        unit.exprs.iter().map(|(_, expr)| &text[expr.span.start as usize..expr.span.end as usize]).collect();
    let expected = [
        "a",
        "b",
        "b.c",
        "1",
        "b.c[1]",
        "f",
        "2",
        "f(2)",
        "3",
        "{3}",
        "f(2):g{3}",
        "b.c[1] * f(2):g{3}",
        "(a) + b.c[1] * f(2):g{3}",
        "'x'",
        "(a) + b.c[1] * f(2):g{3} .. 'x'",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn what_typeof_mentions_is_used() {
    let (unit, _) = resolved(
        "local a, b, c, d = 1\ntype T = typeof(a.d)\nlocal x: typeof(b) = nil\nlocal function f(y: {typeof(c)}) end",
    );
    let read: Vec<_> = unit.locals.iter().take(4).map(|(_, local)| local.is_read).collect();
    assert_eq!(read, [true, true, true, false]);
}
