//! Operators. Long chains are walked, not recursed into, as far as they nest on the left.

use full_moon::ast::{BinOp, Expression as Syntax, UnOp};
use full_moon::node::Node;

use super::Resolver;
use crate::hir::{BinaryOp, ExprId, ExprKind, UnaryOp};
use crate::source::Span;

impl Resolver<'_> {
    pub(super) fn unary(&mut self, expression: &Syntax) -> ExprId {
        let Syntax::UnaryOperator { unop, expression } = expression else {
            return self.expression(expression);
        };
        let start = self.start_of(unop);
        let operand = self.expression(expression);
        let op = match unop {
            UnOp::Minus(_) => UnaryOp::Negate,
            UnOp::Not(_) => UnaryOp::Not,
            UnOp::Hash(_) => UnaryOp::Length,
            _ => UnaryOp::BitNot,
        };
        let end = self.end_of(expression, operand);
        self.push(ExprKind::Unary { op, operand }, Span::new(self.file, start, end))
    }

    /// A tree of binary operators: `a + b + c` nests on the left, once for each operator.
    pub(super) fn binary(&mut self, expression: &Syntax) -> ExprId {
        let mut spine = Vec::new();
        let mut leftmost = expression;
        while let Syntax::BinaryOperator { lhs, binop, rhs } = leftmost {
            spine.push((binop, &**rhs));
            leftmost = lhs;
        }
        let start = self.start_of(leftmost);
        let mut value = self.expression(leftmost);
        while let Some((op, rhs)) = spine.pop() {
            value = match op {
                BinOp::TwoDots(_) => self.concat(value, start, rhs),
                _ => {
                    let right = self.expression(rhs);
                    let end = self.end_of(rhs, right);
                    self.push(operation(op, value, right), Span::new(self.file, start, end))
                }
            };
        }
        value
    }

    /// `left .. b .. c`: the operator nests on the right; one flat chain comes out, unless brackets
    /// divide it.
    fn concat(&mut self, left: ExprId, start: usize, rhs: &Syntax) -> ExprId {
        let mut parts = vec![left];
        let mut rest = rhs;
        while let Syntax::BinaryOperator { lhs, binop: BinOp::TwoDots(_), rhs } = rest {
            parts.push(self.expression(lhs));
            rest = rhs;
        }
        let last = self.expression(rest);
        parts.push(last);
        let end = self.end_of(rest, last);
        self.push(ExprKind::Concat(parts), Span::new(self.file, start, end))
    }

    fn start_of(&self, node: &impl Node) -> usize {
        node.start_position().map_or(0, |position| position.bytes())
    }

    /// Where an expression ends; brackets around it are no part of its HIR.
    fn end_of(&self, syntax: &Syntax, expression: ExprId) -> usize {
        match syntax {
            Syntax::Parentheses { contained, .. } => self.span(contained).end as usize,
            _ => self.unit.exprs[expression].span.end as usize,
        }
    }
}

fn operation(op: &BinOp, left: ExprId, right: ExprId) -> ExprKind {
    let op = match op {
        BinOp::And(_) => return ExprKind::And { left, right },
        BinOp::Or(_) => return ExprKind::Or { left, right },
        BinOp::Plus(_) => BinaryOp::Add,
        BinOp::Minus(_) => BinaryOp::Subtract,
        BinOp::Star(_) => BinaryOp::Multiply,
        BinOp::Slash(_) => BinaryOp::Divide,
        BinOp::DoubleSlash(_) => BinaryOp::FloorDivide,
        BinOp::Percent(_) => BinaryOp::Modulo,
        BinOp::Caret(_) => BinaryOp::Power,
        BinOp::Ampersand(_) => BinaryOp::BitAnd,
        BinOp::Pipe(_) => BinaryOp::BitOr,
        BinOp::Tilde(_) => BinaryOp::BitXor,
        BinOp::DoubleLessThan(_) => BinaryOp::ShiftLeft,
        BinOp::DoubleGreaterThan(_) => BinaryOp::ShiftRight,
        BinOp::TwoEqual(_) => BinaryOp::Equal,
        BinOp::TildeEqual(_) => BinaryOp::NotEqual,
        BinOp::LessThan(_) => BinaryOp::Less,
        BinOp::LessThanEqual(_) => BinaryOp::LessEqual,
        BinOp::GreaterThan(_) => BinaryOp::Greater,
        _ => BinaryOp::GreaterEqual,
    };
    ExprKind::Binary { op, left, right }
}
