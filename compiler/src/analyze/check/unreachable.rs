//! Statements that control never reaches.

use super::super::is_always_true;
use super::{Names, all_statements};
use crate::diagnostics::Diagnostic;
use crate::hir::{Block, ExprId, ExprKind, Stmt, StmtKind, Unit, visit};

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let walk =
        Walk { unit, raises: names.has_own("error"), exits: names.has_own("os") && !replaces_exit(names) };
    let mut found = Vec::new();
    for (_, function) in unit.functions.iter() {
        walk.block(&function.body, &mut found);
        visit::statements(&function.body, &mut |statement| {
            for inner in visit::blocks(statement) {
                walk.block(inner, &mut found);
            }
        });
    }
    found
}

/// Whether some unit assigns `os.exit`.
fn replaces_exit(names: &Names) -> bool {
    names.world.iter().any(|(_, own)| {
        let unit = &own.unit;
        let mut replaces = false;
        all_statements(unit, &mut |statement| {
            let StmtKind::Assign { targets, .. } = &statement.kind else { return };
            replaces |= targets.iter().any(|target| is_exit(unit, *target));
        });
        replaces
    })
}

/// `os.exit`
fn is_exit(unit: &Unit, id: ExprId) -> bool {
    let ExprKind::Field { base, name } = &unit.exprs[id].kind else { return false };
    name == "exit" && matches!(&unit.exprs[*base].kind, ExprKind::Global(name) if name == "os")
}

struct Walk<'a> {
    unit: &'a Unit,
    /// `error` and `os.exit` are Lua's own.
    raises: bool,
    exits: bool,
}

impl Walk<'_> {
    /// The first statement of a block behind one that never goes on. A label may be jumped to.
    fn block(&self, block: &Block, found: &mut Vec<Diagnostic>) {
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
            if self.leaves(statement) {
                leaver = Some(statement);
            }
        }
    }

    /// Whether control never goes on behind a statement.
    fn leaves(&self, statement: &Stmt) -> bool {
        match &statement.kind {
            StmtKind::Return(_) | StmtKind::Break(_) | StmtKind::Goto(_) => true,
            StmtKind::Do(body) => self.block_leaves(body),
            StmtKind::While { id, condition, .. } => {
                is_always_true(self.unit, *condition) && !self.unit.loops[*id].has_break
            }
            StmtKind::Repeat { id, condition, .. } => {
                let is_endless = matches!(self.unit.exprs[*condition].kind, ExprKind::False | ExprKind::Nil);
                is_endless && !self.unit.loops[*id].has_break
            }
            StmtKind::If { arms, otherwise: Some(otherwise) } => {
                arms.iter().all(|(_, body)| self.block_leaves(body)) && self.block_leaves(otherwise)
            }
            StmtKind::Call(call) => self.never_returns(*call),
            _ => false,
        }
    }

    fn block_leaves(&self, block: &Block) -> bool {
        let mut has_left = false;
        for statement in block {
            let is_label = matches!(statement.kind, StmtKind::Label(_));
            has_left = !is_label && (has_left || self.leaves(statement));
        }
        has_left
    }

    /// `error(..)` and `os.exit(..)`
    fn never_returns(&self, call: ExprId) -> bool {
        let ExprKind::Call { callee, .. } = &self.unit.exprs[call].kind else { return false };
        match &self.unit.exprs[*callee].kind {
            ExprKind::Global(name) => self.raises && name == "error",
            _ => self.exits && is_exit(self.unit, *callee),
        }
    }
}
