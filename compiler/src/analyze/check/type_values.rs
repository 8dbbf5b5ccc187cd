//! Types used as values, `Point:is(v)` or `integer(v)`: not supported yet, and nil would be wrong.

use super::{Names, first_uses};
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind};
use crate::source::Span;

/// Built-in types whose names are values.
const BUILT_IN: &[&str] = &["boolean", "number", "integer", "any", "unknown", "never"];

/// Whether a global of that name is a type of this unit.
pub fn is_type(names: &Names, name: &str) -> bool {
    let is_taken = names.is_ambient(name) || names.is_declared(name);
    let is_named =
        names.own.unit.types.iter().any(|declared| declared.name == name && declared.body.is_some());
    !is_taken && !names.globals.may_be_assigned(name) && (is_named || BUILT_IN.contains(&name))
}

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let used = names.reads().into_iter().filter(|(_, name)| is_type(names, name));
    let mut found: Vec<Diagnostic> = first_uses(used)
        .into_iter()
        .map(|(name, first, _)| unsupported(name, unit.exprs[first].span))
        .collect();
    // The library `string` is a validator when it is called.
    let calls = unit.exprs.iter().filter_map(|(_, expr)| match expr.kind {
        ExprKind::Call { callee, .. } if is_string(names, callee) => Some(unit.exprs[callee].span),
        _ => None,
    });
    found.extend(calls.map(|span| unsupported("string", span)));
    found
}

fn is_string(names: &Names, callee: ExprId) -> bool {
    matches!(&names.own.unit.exprs[callee].kind, ExprKind::Global(name) if name == "string")
        && !names.globals.may_be_assigned("string")
}

fn unsupported(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("L0001", Some(span), format!("the type '{name}' is not a value yet"))
        .label("used as a value")
        .explain(
            "Types parse and are kept, but checking a value against one at run time is not supported yet.",
        )
        .hint("Check the value by hand, with `type(v) == \"...\"`.")
}
