//! The parts of statements and expressions, for passes that change them.

use super::ir::{Block, Expr, Stmt};

/// The expressions that a statement evaluates itself, and the blocks in it.
pub fn parts(statement: &mut Stmt) -> (Vec<&mut Expr>, Vec<&mut Block>) {
    match statement {
        Stmt::Let(_, value)
        | Stmt::LetArray(_, value)
        | Stmt::Set(_, value)
        | Stmt::SetArray(_, value)
        | Stmt::SetCell(_, value)
        | Stmt::Eval(value)
        | Stmt::Return(value)
        | Stmt::ReturnResult(value) => (vec![value], Vec::new()),
        Stmt::If { arms, otherwise } => {
            let (conditions, mut bodies): (Vec<_>, Vec<_>) =
                arms.iter_mut().map(|(condition, body)| (condition, body)).unzip();
            bodies.extend(otherwise);
            (conditions, bodies)
        }
        Stmt::While { condition: head, body, .. }
        | Stmt::For { iterator: head, body, .. }
        | Stmt::Each { next: head, body, .. } => (vec![head], vec![body]),
        Stmt::Loop { body, .. } | Stmt::Block { body, .. } => (Vec::new(), vec![body]),
        Stmt::Part(part) => (Vec::new(), vec![&mut part.body]),
        Stmt::Scope(scope) => (Vec::new(), vec![&mut scope.body]),
        Stmt::Comment(_) | Stmt::Blank | Stmt::Break(_) | Stmt::Continue(_) => (Vec::new(), Vec::new()),
    }
}

/// What of an expression is always evaluated, in order, and what behind that perhaps.
pub fn operands(expr: &mut Expr) -> (Vec<&mut Expr>, Vec<&mut Expr>) {
    match expr {
        Expr::Call(call) => (call.args.iter_mut().collect(), Vec::new()),
        Expr::Method { receiver, args, .. } => {
            (std::iter::once(&mut **receiver).chain(args).collect(), Vec::new())
        }
        Expr::Array(items) | Expr::Closure { captures: items, .. } => {
            (items.iter_mut().collect(), Vec::new())
        }
        Expr::Pair(left, right) => (vec![left, right], Vec::new()),
        Expr::And(..) | Expr::Or(..) | Expr::AndAlso(..) | Expr::OrElse(..) => chain(expr),
        Expr::CellNew(inner)
        | Expr::Clone(inner)
        | Expr::Borrow(inner)
        | Expr::BorrowMut(inner)
        | Expr::Truthy(inner)
        | Expr::BoolValue(inner)
        | Expr::Not(inner) => (vec![inner], Vec::new()),
        _ => (Vec::new(), Vec::new()),
    }
}

/// The first operand of `a and b and c`, and the others, of whatever depth the chain is.
fn chain(expr: &mut Expr) -> (Vec<&mut Expr>, Vec<&mut Expr>) {
    let operator = std::mem::discriminant(expr);
    let (mut first, mut others) = (expr, Vec::new());
    while std::mem::discriminant(first) == operator {
        let (Expr::And(left, right)
        | Expr::Or(left, right)
        | Expr::AndAlso(left, right)
        | Expr::OrElse(left, right)) = first
        else {
            break;
        };
        others.push(&mut **right);
        first = left;
    }
    others.reverse();
    (vec![first], others)
}
