//! Expressions that nest deeply are cut into variables of their own, so that the text grows with the
//! program: a formatter indents every level. What is evaluated when stays as it is.

use super::function::Lowerer;
use super::ir::{self, Binder, Expr, Stmt};
use super::walk;

/// So many calls may stand inside each other.
const DEEPEST: usize = 16;

impl Lowerer<'_> {
    /// Cuts the deep expressions of a body.
    pub fn flatten(&mut self, block: &mut ir::Block) {
        for statement in block.iter_mut() {
            self.flatten_statement(statement);
        }
    }

    fn flatten_statement(&mut self, statement: &mut Stmt) {
        if let Stmt::Eval(value) = statement {
            let mut before = Vec::new();
            self.cut(value, &mut before);
            if !before.is_empty() {
                before.push(std::mem::replace(statement, Stmt::Blank));
                *statement = Stmt::Block { label: None, body: before };
            }
            return;
        }
        let (heads, blocks) = walk::parts(statement);
        for head in heads {
            self.cut_alone(head);
        }
        for block in blocks {
            self.flatten(block);
        }
    }

    /// Cuts an expression of which nothing may be evaluated outside. How deep it remains.
    fn cut_alone(&mut self, expr: &mut Expr) -> usize {
        let mut before = Vec::new();
        let depth = self.cut(expr, &mut before);
        if before.is_empty() {
            return depth;
        }
        let value = std::mem::replace(expr, Expr::Nil);
        *expr = Expr::Block(before, Box::new(value));
        depth + 1
    }

    /// Cuts an expression; `before` gets what is evaluated in front of it. How deep it remains.
    fn cut(&mut self, expr: &mut Expr, before: &mut ir::Block) -> usize {
        if let Expr::Block(statements, value) = expr {
            let mut inner = Vec::new();
            let depth = self.cut_block(statements, value, &mut inner);
            if depth < DEEPEST {
                *statements = inner;
                return depth + 1;
            }
            before.append(&mut inner);
            *expr = std::mem::replace(value, Expr::Nil);
            return 0;
        }
        let (always, sometimes) = walk::operands(expr);
        let mut deepest = self.cut_operands(always, before);
        for operand in sometimes {
            deepest = deepest.max(self.cut_alone(operand));
        }
        deepest + usize::from(is_level(expr))
    }

    /// Operands in the order in which they are evaluated.
    fn cut_operands(&mut self, mut operands: Vec<&mut Expr>, before: &mut ir::Block) -> usize {
        let mut deepest = 0;
        for at in 0..operands.len() {
            let (earlier, rest) = operands.split_at_mut(at);
            let Some(operand) = rest.first_mut() else { break };
            let mut own = Vec::new();
            let mut depth = self.cut(operand, &mut own);
            if depth >= DEEPEST {
                self.bind(operand, &mut own);
                depth = 0;
            }
            if !own.is_empty() {
                for operand in earlier.iter_mut().filter(|operand| !is_steady(operand)) {
                    self.bind(operand, before);
                }
                before.append(&mut own);
            }
            deepest = deepest.max(depth);
        }
        deepest
    }

    /// The statements of a block that is a value, in front of which stands what their parts need. A block
    /// that got some is as deep as may be: the blocks around it have to go as well.
    fn cut_block(&mut self, statements: &mut ir::Block, value: &mut Expr, into: &mut ir::Block) -> usize {
        let mut deepest = 0;
        for mut statement in statements.drain(..) {
            let mut before = Vec::new();
            match &mut statement {
                Stmt::Eval(part) | Stmt::Let(_, part) => deepest = deepest.max(self.cut(part, &mut before)),
                other => self.flatten_statement(other),
            }
            if !before.is_empty() {
                deepest = DEEPEST;
            }
            into.append(&mut before);
            into.push(statement);
        }
        deepest.max(self.cut(value, into))
    }

    /// Puts the expression in a variable; of a reference what it refers to.
    fn bind(&mut self, expr: &mut Expr, before: &mut ir::Block) {
        if let Expr::Borrow(inner) = expr {
            return self.bind(inner, before);
        }
        let name = self.invent("part");
        let value = std::mem::replace(expr, Expr::Name(name.clone()));
        before.push(Stmt::Let(Binder { name, is_mutable: false }, value));
    }
}

/// Whether the formatter gives the expression's operands a line of their own.
fn is_level(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Call(_)
            | Expr::Method { .. }
            | Expr::And(..)
            | Expr::Or(..)
            | Expr::AndAlso(..)
            | Expr::OrElse(..)
    )
}

/// Whether nothing that is evaluated in the meantime can make it another value.
fn is_steady(expr: &Expr) -> bool {
    match expr {
        Expr::CellGet(_)
        | Expr::CellNew(_)
        | Expr::Closure { .. }
        | Expr::Call(_)
        | Expr::Method { .. }
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::AndAlso(..)
        | Expr::OrElse(..)
        | Expr::Block(..) => false,
        Expr::Array(items) => items.iter().all(is_steady),
        Expr::Pair(left, right) => is_steady(left) && is_steady(right),
        Expr::Clone(inner)
        | Expr::Borrow(inner)
        | Expr::BorrowMut(inner)
        | Expr::Truthy(inner)
        | Expr::BoolValue(inner)
        | Expr::Not(inner) => is_steady(inner),
        _ => true,
    }
}
