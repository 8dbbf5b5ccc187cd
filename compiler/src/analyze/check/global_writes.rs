//! Assignments that make a global: mostly a forgotten `local`.

use super::{Names, all_statements, first_uses};
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, StmtKind};

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let mut writes: Vec<(ExprId, &str, bool)> = Vec::new();
    all_statements(unit, &mut |statement| {
        let StmtKind::Assign { targets, values } = &statement.kind else { return };
        for (at, target) in targets.iter().enumerate() {
            if let ExprKind::Global(name) = &unit.exprs[*target].kind {
                let value = values.get(at).map(|value| &unit.exprs[*value].kind);
                // `function f() end` names its function; `f = function() end` does not.
                let is_declaration = matches!(value, Some(ExprKind::Function(function))
                    if unit.functions[*function].name.as_deref() == Some(name));
                writes.push((*target, name, is_declaration));
            }
        }
    });
    writes.sort_by_key(|(target, ..)| unit.exprs[*target].span.start);
    first_uses(writes.iter().map(|(target, name, _)| (*target, *name)))
        .into_iter()
        .filter(|(name, ..)| !names.is_ambient(name))
        .map(|(name, first, _)| {
            let is_declaration = writes.iter().any(|(target, _, declares)| *target == first && *declares);
            warning(names, name, first, is_declaration)
        })
        .collect()
}

fn warning(names: &Names, name: &str, first: ExprId, is_declaration: bool) -> Diagnostic {
    let title = if is_declaration {
        format!("function '{name}' declared as global; consider using 'local function'")
    } else {
        format!("assignment to global variable '{name}'; consider using 'local'")
    };
    Diagnostic::warning("W0002", Some(names.own.unit.exprs[first].span), title)
        .explain("A global is shared by all files of the process, and slower to reach than a local variable.")
        .hint("Declare it with `local` before, or return it from the file in a table.")
}
