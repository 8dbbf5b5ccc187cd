//! Unary and binary operators.

use super::expression::method;
use super::function::Lowerer;
use super::ir::{Call, Ending, Expr};
use super::order::behind;
use crate::hir::{BinaryOp, ExprId, ExprKind, UnaryOp};

impl Lowerer<'_> {
    pub fn unary(&mut self, id: ExprId, op: UnaryOp, operand: ExprId) -> Expr {
        let path = match op {
            UnaryOp::Not => return Expr::BoolValue(Box::new(self.truth(id))),
            UnaryOp::Negate => match self.context.unit.exprs[operand].kind {
                ExprKind::Integer(_) | ExprKind::Float(_) => return self.literal(id),
                _ => "neg",
            },
            UnaryOp::Length => "len",
            UnaryOp::BitNot => "bnot",
        };
        let site = self.site(id, &[operand]);
        let awaits = self.awaits(id);
        let operand = self.passed(operand, awaits);
        self.operator(path, vec![operand], site, awaits)
    }

    pub fn arithmetic(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Expr {
        let path = match op {
            BinaryOp::Add => "add",
            BinaryOp::Subtract => "sub",
            BinaryOp::Multiply => "mul",
            BinaryOp::Divide => "div",
            BinaryOp::FloorDivide => "idiv",
            BinaryOp::Modulo => "modulo",
            BinaryOp::Power => "pow",
            BinaryOp::BitAnd => "band",
            BinaryOp::BitOr => "bor",
            BinaryOp::BitXor => "bxor",
            BinaryOp::ShiftLeft => "shl",
            _ => "shr",
        };
        let site = self.operator_site(left, &[left, right]);
        let awaits = self.awaits(id);
        let mut before = Vec::new();
        let args = self.pair(left, right, awaits, &mut before);
        behind(before, self.operator(path, args, site, awaits))
    }

    /// A comparison as a Rust condition.
    pub fn comparison(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Expr {
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
            && let Some(other) = self.compared_with_nil(left, right)
        {
            // No metamethod is asked about nil.
            let is_nil = method(self.value(other), "is_nil", Vec::new());
            return if op == BinaryOp::Equal { is_nil } else { Expr::Not(Box::new(is_nil)) };
        }
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
            && (self.is_literal(left) || self.is_literal(right))
        {
            // Nor about texts and numbers.
            let args = vec![self.passed(left, false), self.passed(right, false)];
            let path = if self.is_hot() { "fast::raw_equal" } else { "raw_equal" };
            let call = Call { path: path.to_owned(), args, ending: Ending::Nothing };
            let equal = Expr::Call(Box::new(call));
            return if op == BinaryOp::Equal { equal } else { Expr::Not(Box::new(equal)) };
        }
        let path = match op {
            BinaryOp::Equal => "eq",
            BinaryOp::NotEqual => "ne",
            BinaryOp::Less => "lt",
            BinaryOp::LessEqual => "le",
            BinaryOp::Greater => "gt",
            _ => "ge",
        };
        let site = self.site_in(self.context.last_line(id));
        let awaits = self.awaits(id);
        let mut before = Vec::new();
        let args = self.pair(left, right, awaits, &mut before);
        behind(before, self.operator(path, args, site, awaits))
    }

    fn is_literal(&self, id: ExprId) -> bool {
        matches!(
            self.context.unit.exprs[id].kind,
            ExprKind::String(_)
                | ExprKind::Integer(_)
                | ExprKind::Float(_)
                | ExprKind::True
                | ExprKind::False
        )
    }

    /// The other side of a comparison with the literal `nil`.
    fn compared_with_nil(&self, left: ExprId, right: ExprId) -> Option<ExprId> {
        let is_nil = |id: ExprId| matches!(self.context.unit.exprs[id].kind, ExprKind::Nil);
        match (is_nil(left), is_nil(right)) {
            (_, true) => Some(left),
            (true, false) => Some(right),
            (false, false) => None,
        }
    }
}
