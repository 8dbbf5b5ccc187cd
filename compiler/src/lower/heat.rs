//! What is hot: where a program may spend its time on operators, so that they are inlined (`fast::add`)
//! rather than called. Inlining costs a build about ten times what a call does, so it is kept for where it tells.

use super::function::Lowerer;
use crate::analyze::Callee;
use crate::hir::{self, ExprId, ExprKind, StmtKind, visit};
use crate::library;

impl Lowerer<'_> {
    /// Whether what is lowered now may be what a program spends its time in: it stands in a busy loop,
    /// in a function that calls itself or in one made of operators.
    pub fn is_hot(&self) -> bool {
        self.busy_loops > 0 || self.is_leaf || self.context.facts.groups[self.function].is_some()
    }

    /// Whether a turn of the loop takes as long as its operators: nothing in it waits, and not every turn
    /// makes texts.
    pub fn is_busy(&self, statement: &hir::Stmt) -> bool {
        let may_wait = self.is_async && self.waits(statement);
        !may_wait && visit::blocks(statement).into_iter().all(|body| !self.is_slow(body))
    }

    /// Whether something in the loop may suspend.
    fn waits(&self, statement: &hir::Stmt) -> bool {
        let unit = self.context.unit;
        let mut waits = false;
        visit::statements(std::slice::from_ref(statement), &mut |inner| {
            if let StmtKind::GenericFor { id, .. } = inner.kind {
                waits |= self.context.facts.loops[id];
            }
            for operand in visit::operands(inner) {
                visit::expression(unit, operand, &mut |part| waits |= self.context.facts.suspends[part]);
            }
        });
        waits
    }

    /// Whether `block` calls a slow function whenever it runs: what stands behind an `if` may seldom run.
    fn is_slow(&self, block: &hir::Block) -> bool {
        let unit = self.context.unit;
        block.iter().any(|statement| {
            let mut is_slow = false;
            for operand in visit::operands(statement) {
                visit::expression(unit, operand, &mut |part| is_slow |= self.calls_slow(part));
            }
            let always_runs = !matches!(statement.kind, StmtKind::If { .. });
            is_slow || always_runs && visit::blocks(statement).into_iter().any(|body| self.is_slow(body))
        })
    }

    fn calls_slow(&self, id: ExprId) -> bool {
        match self.context.facts.callees[id] {
            Callee::Library(module, function) => !module.is_quick(function),
            // A method of that name is rather one of strings.
            _ => match &self.context.unit.exprs[id].kind {
                ExprKind::MethodCall { name, .. } => library::module("string")
                    .and_then(|strings| Some((strings, strings.function(name)?)))
                    .is_some_and(|(strings, function)| !strings.is_quick(function)),
                _ => false,
            },
        }
    }
}
