//! Parameters that a function cannot do without: on the straight way from its start, before anything
//! asks whether they are nil, they are used as nil cannot be.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::Names;
use crate::hir::{
    BinaryOp, Block, ExprId, ExprKind, Function, LocalId, Stmt, StmtKind, TableItem, UnaryOp, Unit, visit,
};

/// How a function fails for want of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub parameter: LocalId,
    /// The operation that raises the error.
    pub place: ExprId,
    /// What it does with the parameter: `indexes it`.
    pub what: &'static str,
}

/// Names of metamethods anywhere in the program: with one of them, an operator may accept nil.
pub fn metamethods<'a>(units: impl Iterator<Item = &'a Unit>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for (_, expr) in units.flat_map(|unit| unit.exprs.iter()) {
        match &expr.kind {
            ExprKind::Field { name, .. } => drop(found.insert(name.as_str())),
            ExprKind::String(text) => found.extend(std::str::from_utf8(text)),
            ExprKind::Table(items) => found.extend(items.iter().filter_map(|item| match item {
                TableItem::Named { name, .. } => Some(name.as_str()),
                _ => None,
            })),
            _ => {}
        }
    }
    found.retain(|name| name.starts_with("__"));
    found
}

/// The first failure of `function` if the parameters from `given` on are nil.
pub fn failure(names: &Names, function: &Function, given: usize) -> Option<Failure> {
    let unit = &names.own.unit;
    let missing = function.params.get(given..)?.iter().copied();
    // What a closure assigns may have a value at any time.
    let is_followed =
        |local: &LocalId| !(unit.locals[*local].is_captured && unit.locals[*local].is_reassigned);
    let mut walk = Walk { unit, metamethods: names.metamethods, nil: missing.filter(is_followed).collect() };
    match walk.block(&function.body) {
        ControlFlow::Break(failure) => failure,
        ControlFlow::Continue(()) => None,
    }
}

/// Stops with a failure, or where the straight way ends.
type Flow = ControlFlow<Option<Failure>>;

struct Walk<'a> {
    unit: &'a Unit,
    metamethods: &'a BTreeSet<&'a str>,
    /// Those that are nil and that nothing has asked about.
    nil: BTreeSet<LocalId>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) -> Flow {
        block.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt) -> Flow {
        if self.nil.is_empty() {
            return ControlFlow::Break(None);
        }
        match &statement.kind {
            StmtKind::Local { values, .. } => self.values(values),
            StmtKind::Assign { targets, values } => self.assign(targets, values),
            StmtKind::Call(call) => self.value(*call),
            StmtKind::Do(body) | StmtKind::Repeat { body, .. } => self.block(body),
            StmtKind::LocalFunction { .. } | StmtKind::Label(_) => ControlFlow::Continue(()),
            StmtKind::GenericFor { values, .. } => {
                let Some((first, rest)) = values.split_first() else { return ControlFlow::Break(None) };
                self.operands(&[*first])?;
                self.values(rest)?;
                self.fails(&[*first], *first, "calls it")?;
                ControlFlow::Break(None)
            }
            StmtKind::If { arms, .. } => {
                arms.first().map_or(ControlFlow::Continue(()), |(condition, _)| self.value(*condition))?;
                ControlFlow::Break(None)
            }
            StmtKind::Return(_) | StmtKind::While { .. } | StmtKind::NumericFor { .. } => {
                self.values(&visit::operands(statement))?;
                ControlFlow::Break(None)
            }
            StmtKind::Break(_) | StmtKind::Goto(_) => ControlFlow::Break(None),
        }
    }

    fn assign(&mut self, targets: &[ExprId], values: &[ExprId]) -> Flow {
        for target in targets {
            match self.unit.exprs[*target].kind {
                ExprKind::Field { base, .. } => self.operands(&[base])?,
                ExprKind::Index { base, key } => {
                    self.operands(&[base])?;
                    self.value(key)?;
                }
                _ => {}
            }
        }
        self.values(values)?;
        for target in targets {
            match self.unit.exprs[*target].kind {
                ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => {
                    self.fails(&[base], *target, "indexes it")?;
                }
                ExprKind::Local(local) => drop(self.nil.remove(&local)),
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn values(&mut self, values: &[ExprId]) -> Flow {
        values.iter().try_for_each(|value| self.value(*value))
    }

    /// Evaluates what an operation works on; a parameter itself is left to the operation.
    fn operands(&mut self, operands: &[ExprId]) -> Flow {
        for operand in operands {
            if self.missing(*operand).is_none() {
                self.value(*operand)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn missing(&self, operand: ExprId) -> Option<LocalId> {
        match self.unit.exprs[operand].kind {
            ExprKind::Local(local) if self.nil.contains(&local) => Some(local),
            _ => None,
        }
    }

    /// The operation at `place` raises an error if one of its operands is nil.
    fn fails(&self, operands: &[ExprId], place: ExprId, what: &'static str) -> Flow {
        match operands.iter().find_map(|operand| self.missing(*operand)) {
            Some(parameter) => ControlFlow::Break(Some(Failure { parameter, place, what })),
            None => ControlFlow::Continue(()),
        }
    }

    fn value(&mut self, id: ExprId) -> Flow {
        let unit = self.unit;
        match &unit.exprs[id].kind {
            // Whoever reads it otherwise may ask, or hand it on.
            ExprKind::Local(local) => {
                self.nil.remove(local);
            }
            ExprKind::Field { base, .. } => {
                self.operands(&[*base])?;
                return self.fails(&[*base], id, "indexes it");
            }
            ExprKind::Index { base, key } => {
                self.operands(&[*base])?;
                self.value(*key)?;
                return self.fails(&[*base], id, "indexes it");
            }
            ExprKind::Call { callee, args } => {
                self.operands(&[*callee])?;
                self.values(args)?;
                self.fails(&[*callee], id, "calls it")?;
                if self.never_returns(*callee) {
                    return ControlFlow::Break(None);
                }
            }
            ExprKind::MethodCall { receiver, args, .. } => {
                self.operands(&[*receiver])?;
                self.fails(&[*receiver], id, "calls a method of it")?;
                return self.values(args);
            }
            ExprKind::Unary { op: UnaryOp::Not, operand } => return self.value(*operand),
            ExprKind::Unary { op, operand } => {
                self.operands(&[*operand])?;
                let what = if *op == UnaryOp::Length { "takes its length" } else { "does arithmetic on it" };
                return self.fails(&[*operand], id, what);
            }
            ExprKind::Binary { op, left, right } => return self.binary(id, *op, *left, *right),
            ExprKind::Concat(parts) => {
                self.operands(parts)?;
                if !self.metamethods.contains("__concat") {
                    return self.fails(parts, id, "joins it to a text");
                }
            }
            ExprKind::And { left, right } | ExprKind::Or { left, right } => {
                self.value(*left)?;
                // What is on the right may not run at all.
                visit::expression(unit, *right, &mut |part| {
                    if let ExprKind::Local(local) = unit.exprs[part].kind {
                        self.nil.remove(&local);
                    }
                });
            }
            kind => return self.values(&visit::parts(kind)),
        }
        ControlFlow::Continue(())
    }

    fn binary(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Flow {
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return self.values(&[left, right]);
        }
        self.operands(&[left, right])?;
        let (accepting, what): (&[&str], _) = match op {
            BinaryOp::Less | BinaryOp::Greater => (&["__lt"], "compares it"),
            BinaryOp::LessEqual | BinaryOp::GreaterEqual => (&["__le", "__lt"], "compares it"),
            _ => (&[metamethod(op)], "does arithmetic on it"),
        };
        if accepting.iter().any(|name| self.metamethods.contains(name)) {
            return self.values(&[left, right]);
        }
        self.fails(&[left, right], id, what)
    }

    /// `error(..)` and `os.exit(..)`: nothing behind them runs.
    fn never_returns(&self, callee: ExprId) -> bool {
        match &self.unit.exprs[callee].kind {
            ExprKind::Global(name) => name == "error",
            ExprKind::Field { name, .. } => name == "exit",
            _ => false,
        }
    }
}

fn metamethod(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "__add",
        BinaryOp::Subtract => "__sub",
        BinaryOp::Multiply => "__mul",
        BinaryOp::Divide => "__div",
        BinaryOp::FloorDivide => "__idiv",
        BinaryOp::Modulo => "__mod",
        BinaryOp::Power => "__pow",
        BinaryOp::BitAnd => "__band",
        BinaryOp::BitOr => "__bor",
        BinaryOp::BitXor => "__bxor",
        BinaryOp::ShiftLeft => "__shl",
        BinaryOp::ShiftRight => "__shr",
        BinaryOp::Less | BinaryOp::Greater => "__lt",
        BinaryOp::LessEqual | BinaryOp::GreaterEqual => "__le",
        BinaryOp::Equal | BinaryOp::NotEqual => "__eq",
    }
}
