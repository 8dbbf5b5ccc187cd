//! Local variables and functions that nobody reads. Names with a leading `_` are meant to be unused.

use super::all_statements;
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, FunctionId, LocalId, LocalKind, StmtKind, Unit};

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    all_statements(unit, &mut |statement| match &statement.kind {
        StmtKind::Local { locals, values } => {
            // A variable that only holds the place before one that is used is not in the way.
            let needed = locals.iter().rposition(|local| unit.locals[*local].is_read).unwrap_or(0);
            let is_list = locals.len() > 1;
            for (at, local) in locals.iter().enumerate() {
                if !(is_list && at < needed) && is_unused(unit, *local) {
                    found.push(unused(unit, *local, values));
                }
            }
        }
        StmtKind::LocalFunction { local, function } => {
            let name = &unit.locals[*local].name;
            let explanation = if is_unused(unit, *local) {
                "Nothing in this file calls it or hands it on."
            } else if !name.starts_with('_') && reads_itself_only(unit, *local, *function) {
                "Only the function itself calls it; nothing else in this file does, or hands it on."
            } else {
                return;
            };
            found.push(
                warning(unit, *local, "W0004", format!("function '{name}' is declared but never used"))
                    .explain(explanation),
            );
        }
        _ => {}
    });
    found
}

fn is_unused(unit: &Unit, local: LocalId) -> bool {
    let local = &unit.locals[local];
    !local.is_read && !local.name.starts_with('_') && local.kind != LocalKind::ToBeClosed
}

/// Whether all that reads the variable of a function stands in that function.
fn reads_itself_only(unit: &Unit, own: LocalId, function: FunctionId) -> bool {
    let body = unit.functions[function].span;
    unit.exprs.iter().all(|(_, expr)| match expr.kind {
        ExprKind::Local(local) | ExprKind::Upvalue(local) if local == own => {
            body.start <= expr.span.start && expr.span.end <= body.end
        }
        _ => true,
    })
}

fn unused(unit: &Unit, local: LocalId, values: &[ExprId]) -> Diagnostic {
    let declared = &unit.locals[local];
    let name = &declared.name;
    if let [value] = values
        && is_require(unit, *value)
    {
        return warning(unit, local, "W0006", format!("imported module '{name}' is never used"))
            .explain("The module is loaded, and nothing in this file reads the variable it is kept in.");
    }
    let explanation = if declared.is_reassigned {
        "Values are assigned to it, and nothing ever reads them."
    } else {
        "Nothing reads it."
    };
    warning(unit, local, "W0004", format!("variable '{name}' is declared but never used"))
        .explain(explanation)
}

fn is_require(unit: &Unit, value: ExprId) -> bool {
    let ExprKind::Call { callee, .. } = unit.exprs[value].kind else { return false };
    matches!(&unit.exprs[callee].kind, ExprKind::Global(name) if name == "require")
}

fn warning(unit: &Unit, local: LocalId, code: &'static str, title: String) -> Diagnostic {
    let local = &unit.locals[local];
    Diagnostic::warning(code, Some(local.span), title)
        .hint(format!("Remove it, or call it `_{}` if it has to be there.", local.name))
}
