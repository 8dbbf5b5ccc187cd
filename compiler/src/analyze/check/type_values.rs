//! Types used as values, `Point:is(v)` or `integer(v)`: not supported yet, and nil would be wrong.

use super::{Names, first_uses};
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, Unit};
use crate::source::Span;

/// Built-in types whose names are values where they are called or indexed.
const BUILT_IN: &[&str] = &["boolean", "number", "integer", "any", "unknown", "never"];

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let used = names.reads().into_iter().filter(|(id, name)| is_type(names, *id, name));
    let mut found: Vec<Diagnostic> = first_uses(used)
        .into_iter()
        .map(|(name, first, _)| unsupported(name, unit.exprs[first].span))
        .collect();
    if names.is_script() {
        return found;
    }
    // The library `string` is a validator when it is called.
    let calls = unit.exprs.iter().filter_map(|(_, expr)| match expr.kind {
        ExprKind::Call { callee, .. } if is_string(names, callee) => Some(unit.exprs[callee].span),
        _ => None,
    });
    found.extend(calls.map(|span| unsupported("string", span)));
    found
}

/// Whether a global that is read is a type: one that this unit declares, or a built-in one where it is
/// used as only types are.
pub fn is_type(names: &Names, read: ExprId, name: &str) -> bool {
    if names.is_known(name) {
        return false;
    }
    let is_declared =
        names.own.unit.types.iter().any(|declared| declared.name == name && declared.body.is_some());
    let unit = &names.own.unit;
    // A script may call its own things as it likes, but nobody's nil has a method `is`.
    let is_used = if names.is_script() { asks_is(unit, read) } else { is_operated(unit, read) };
    is_declared || (BUILT_IN.contains(&name) && is_used)
}

/// Whether it is asked `number:is(v)` or `number.is(v)`.
fn asks_is(unit: &Unit, value: ExprId) -> bool {
    unit.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::MethodCall { receiver: operand, name, .. } | ExprKind::Field { base: operand, name } => {
            *operand == value && name == "is"
        }
        _ => false,
    })
}

/// Whether a value is called or indexed.
fn is_operated(unit: &Unit, value: ExprId) -> bool {
    unit.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::Call { callee: operand, .. }
        | ExprKind::MethodCall { receiver: operand, .. }
        | ExprKind::Field { base: operand, .. }
        | ExprKind::Index { base: operand, .. } => *operand == value,
        _ => false,
    })
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
