//! Variables that are read late. In PUC Lua a variable of the running function is in a register, and an operation
//! reads it when its other operands have been evaluated: a call among these may have changed it.

use super::expression::let_;
use super::function::Lowerer;
use super::ir::{self, Expr};
use super::unit::Storage;
use crate::hir::{ExprId, ExprKind, visit};

impl Lowerer<'_> {
    /// Whether the operand is a variable that a call in what is evaluated behind it may change.
    pub fn is_read_late(&self, operand: ExprId, behind: &[ExprId]) -> bool {
        let unit = self.context.unit;
        let ExprKind::Local(local) = unit.exprs[operand].kind else { return false };
        self.context.storage[local] == Storage::Cell && behind.iter().any(|other| self.calls(*other))
    }

    fn calls(&self, id: ExprId) -> bool {
        let unit = self.context.unit;
        let mut calls = false;
        visit::expression(unit, id, &mut |part| {
            calls |= matches!(unit.exprs[part].kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. });
        });
        calls
    }

    /// Two operands as a called operation takes them; `before` gets what has to be evaluated in front of it.
    pub fn pair(&mut self, left: ExprId, right: ExprId, awaits: bool, before: &mut ir::Block) -> Vec<Expr> {
        if !self.is_read_late(left, &[right]) {
            return vec![self.passed(left, awaits), self.passed(right, awaits)];
        }
        let right = self.evaluated(right, "right", before);
        let right = if awaits { right.borrowed() } else { right };
        vec![self.passed(left, awaits), right]
    }

    /// The expression in a variable of its own.
    pub fn evaluated(&mut self, id: ExprId, what: &str, before: &mut ir::Block) -> Expr {
        let value = self.owned(id);
        let name = self.invent(what);
        before.push(let_(&name, value));
        Expr::Name(name)
    }
}

/// The value behind what has to be evaluated in front of it.
pub fn behind(before: ir::Block, value: Expr) -> Expr {
    if before.is_empty() { value } else { Expr::Block(before, Box::new(value)) }
}
