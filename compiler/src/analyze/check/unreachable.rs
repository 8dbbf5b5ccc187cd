//! Statements that control never reaches.

use super::super::is_always_true;
use crate::diagnostics::Diagnostic;
use crate::hir::{Block, ExprKind, Stmt, StmtKind, Unit, visit};

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, function) in unit.functions.iter() {
        block(unit, &function.body, &mut found);
        visit::statements(&function.body, &mut |statement| {
            for inner in visit::blocks(statement) {
                block(unit, inner, &mut found);
            }
        });
    }
    found
}

/// The first statement of a block behind one that never goes on. A label may be jumped to.
fn block(unit: &Unit, block: &Block, found: &mut Vec<Diagnostic>) {
    let mut leaver: Option<&Stmt> = None;
    for statement in block {
        if matches!(statement.kind, StmtKind::Label(_)) {
            leaver = None;
        }
        if let Some(leaver) = leaver {
            found.push(
                Diagnostic::warning("E0009", Some(statement.span), "this code can never run")
                    .explain("The statement before it never goes on to the next one.")
                    .hint("Remove it, or move it before.")
                    .related(leaver.span, "control leaves here"),
            );
            return;
        }
        if leaves(unit, statement) {
            leaver = Some(statement);
        }
    }
}

/// Whether control never goes on behind a statement.
fn leaves(unit: &Unit, statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::Return(_) | StmtKind::Break(_) | StmtKind::Goto(_) => true,
        StmtKind::Do(body) => block_leaves(unit, body),
        StmtKind::While { id, condition, .. } => {
            is_always_true(unit, *condition) && !unit.loops[*id].has_break
        }
        StmtKind::Repeat { id, condition, .. } => {
            let is_endless = matches!(unit.exprs[*condition].kind, ExprKind::False | ExprKind::Nil);
            is_endless && !unit.loops[*id].has_break
        }
        StmtKind::If { arms, otherwise: Some(otherwise) } => {
            arms.iter().all(|(_, body)| block_leaves(unit, body)) && block_leaves(unit, otherwise)
        }
        _ => false,
    }
}

fn block_leaves(unit: &Unit, block: &Block) -> bool {
    let mut has_left = false;
    for statement in block {
        let is_label = matches!(statement.kind, StmtKind::Label(_));
        has_left = !is_label && (has_left || leaves(unit, statement));
    }
    has_left
}
