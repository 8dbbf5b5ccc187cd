//! Loops over what is no function: `for i in 1, 10 do`.

use super::all_statements;
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, StmtKind, Unit};

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    all_statements(unit, &mut |statement| {
        if let StmtKind::GenericFor { values, .. } = &statement.kind
            && let Some(first) = values.first()
            && let Some((kind, hint)) = no_function(unit, *first)
        {
            found.push(
                Diagnostic::warning("E0002", Some(unit.exprs[*first].span), "this is no iterator")
                    .label(format!("{kind}, which the loop calls"))
                    .explain("Behind `in` stands a function that gives the values of each round: running this loop raises an error.")
                    .hint(hint),
            );
        }
    });
    found
}

/// What an expression surely is instead of a function, and what was meant instead.
fn no_function(unit: &Unit, value: ExprId) -> Option<(&'static str, &'static str)> {
    let pairs = "A table is walked with `in pairs(t)` or `in ipairs(t)`.";
    match unit.exprs[value].kind {
        ExprKind::Integer(_) | ExprKind::Float(_) => {
            Some(("a number", "A loop that counts has a `=`: `for i = first, last do`."))
        }
        // Strings may be made callable in scripts, by their metatable.
        ExprKind::Table(_) => Some(("a table", pairs)),
        ExprKind::Nil => Some(("nil", pairs)),
        ExprKind::True | ExprKind::False => Some(("a boolean", pairs)),
        _ => None,
    }
}
