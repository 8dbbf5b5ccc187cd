//! Walking a unit: every statement of a block, every expression of a statement, in source order.
//! Bodies of inner functions are functions of their own and are not entered.

use super::{Block, ExprId, ExprKind, Stmt, StmtKind, TableItem, Unit};

/// Calls `see` for every statement of `block` and of the blocks inside it, outer ones first.
pub fn statements<'a>(block: &'a [Stmt], see: &mut impl FnMut(&'a Stmt)) {
    for statement in block {
        see(statement);
        for inner in blocks(statement) {
            statements(inner, see);
        }
    }
}

/// The blocks of one statement.
pub fn blocks(statement: &Stmt) -> Vec<&Block> {
    match &statement.kind {
        StmtKind::Do(body)
        | StmtKind::While { body, .. }
        | StmtKind::Repeat { body, .. }
        | StmtKind::NumericFor { body, .. }
        | StmtKind::GenericFor { body, .. } => vec![body],
        StmtKind::If { arms, otherwise } => arms.iter().map(|(_, body)| body).chain(otherwise).collect(),
        _ => Vec::new(),
    }
}

/// The expressions that stand directly in a statement, in order; not those of its blocks.
pub fn operands(statement: &Stmt) -> Vec<ExprId> {
    match &statement.kind {
        StmtKind::Local { values, .. } | StmtKind::GenericFor { values, .. } | StmtKind::Return(values) => {
            values.clone()
        }
        StmtKind::Assign { targets, values } => targets.iter().chain(values).copied().collect(),
        StmtKind::Call(call) => vec![*call],
        StmtKind::While { condition, .. } | StmtKind::Repeat { condition, .. } => vec![*condition],
        StmtKind::If { arms, .. } => arms.iter().map(|(condition, _)| *condition).collect(),
        StmtKind::NumericFor { start, limit, step, .. } => {
            [*start, *limit].into_iter().chain(*step).collect()
        }
        StmtKind::LocalFunction { .. }
        | StmtKind::Do(_)
        | StmtKind::Break(_)
        | StmtKind::Goto(_)
        | StmtKind::Label(_) => Vec::new(),
    }
}

/// The direct parts of an expression, in order.
pub fn parts(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::Field { base, .. } => vec![*base],
        ExprKind::Index { base, key } => vec![*base, *key],
        ExprKind::Call { callee, args } => [*callee].into_iter().chain(args.iter().copied()).collect(),
        ExprKind::MethodCall { receiver, args, .. } => {
            [*receiver].into_iter().chain(args.iter().copied()).collect()
        }
        ExprKind::Unary { operand, .. } | ExprKind::Single(operand) => vec![*operand],
        ExprKind::Binary { left, right, .. }
        | ExprKind::And { left, right }
        | ExprKind::Or { left, right } => vec![*left, *right],
        ExprKind::Concat(parts) => parts.clone(),
        ExprKind::Table(items) => items
            .iter()
            .flat_map(|item| match item {
                TableItem::Positional(value) | TableItem::Named { value, .. } => vec![*value],
                TableItem::Keyed { key, value } => vec![*key, *value],
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Calls `see` for every expression of `block`, parts before wholes.
pub fn expressions(unit: &Unit, block: &Block, see: &mut impl FnMut(ExprId)) {
    statements(block, &mut |statement| {
        for operand in operands(statement) {
            expression(unit, operand, see);
        }
    });
}

/// Calls `see` for `id` and everything inside it, parts first.
pub fn expression(unit: &Unit, id: ExprId, see: &mut impl FnMut(ExprId)) {
    for part in parts(&unit.exprs[id].kind) {
        expression(unit, part, see);
    }
    see(id);
}
