//! Local variables that are read before they have got a value: they are surely nil there.
//!
//! A walk in the order of execution that carries the variables which are unset on every path so far.
//! Where it cannot know (labels, closures that assign), it takes them as set.

use std::collections::{BTreeMap, BTreeSet};

use super::all_statements;
use crate::diagnostics::Diagnostic;
use crate::hir::{Block, ExprId, ExprKind, LocalId, LocalKind, Stmt, StmtKind, Unit, visit};

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let mut walk = Walk { unit, reads: never_assigned(unit) };
    for (_, function) in unit.functions.iter() {
        walk.block(&function.body, Some(Unset::new()));
    }
    walk.reads.iter().map(|(local, read)| warning(unit, *local, *read)).collect()
}

fn warning(unit: &Unit, local: LocalId, read: ExprId) -> Diagnostic {
    let declared = &unit.locals[local];
    let (explanation, hint) = if declared.is_reassigned {
        (
            "It is declared without a value, and on every way to here nothing is assigned to it, so it is nil.",
            "Assign to it before, or give it a value where it is declared.",
        )
    } else {
        (
            "It is declared without a value, and nothing ever assigns one, so it is always nil.",
            "Give it a value, or write `nil` where it is read.",
        )
    };
    let name = &declared.name;
    Diagnostic::warning(
        "E0015",
        Some(unit.exprs[read].span),
        format!("variable '{name}' is read before it got a value"),
    )
    .label("nil here")
    .explain(explanation)
    .hint(hint)
    .related(declared.span, "declared here")
}

/// The first read of every variable that never gets a value at all.
fn never_assigned(unit: &Unit) -> BTreeMap<LocalId, ExprId> {
    let mut never: BTreeSet<LocalId> = BTreeSet::new();
    all_statements(unit, &mut |statement| {
        if let StmtKind::Local { locals, values } = &statement.kind
            && values.is_empty()
        {
            never.extend(locals.iter().filter(|local| {
                let local = &unit.locals[**local];
                !local.is_reassigned && local.kind == LocalKind::Variable
            }));
        }
    });
    let mut reads = BTreeMap::new();
    for (id, expr) in unit.exprs.iter() {
        if let ExprKind::Local(local) | ExprKind::Upvalue(local) = expr.kind
            && never.contains(&local)
        {
            reads.entry(local).or_insert(id);
        }
    }
    reads
}

type Unset = BTreeSet<LocalId>;

struct Walk<'a> {
    unit: &'a Unit,
    /// The first read of each variable that was found unset.
    reads: BTreeMap<LocalId, ExprId>,
}

impl Walk<'_> {
    /// What is unset behind a block; `None` where control does not get there.
    fn block(&mut self, block: &Block, before: Option<Unset>) -> Option<Unset> {
        let mut unset = before;
        for statement in block {
            unset = match (&statement.kind, unset) {
                // A goto comes from somewhere with who knows what assigned.
                (StmtKind::Label(_), _) => Some(Unset::new()),
                (_, None) => None,
                (_, Some(unset)) => self.statement(statement, unset),
            };
        }
        unset
    }

    fn statement(&mut self, statement: &Stmt, mut unset: Unset) -> Option<Unset> {
        match &statement.kind {
            StmtKind::Local { locals, values } => {
                self.read_all(values, &mut unset);
                if values.is_empty() {
                    unset.extend(locals.iter().filter(|local| self.is_followed(**local)));
                }
            }
            StmtKind::Assign { targets, values } => {
                self.assign(targets, values, &mut unset);
            }
            StmtKind::Return(values) => {
                self.read_all(values, &mut unset);
                return None;
            }
            StmtKind::Break(_) | StmtKind::Goto(_) => return None,
            StmtKind::Do(body) => return self.block(body, Some(unset)),
            StmtKind::If { arms, otherwise } => return self.branches(arms, otherwise.as_ref(), unset),
            StmtKind::While { condition, body, .. } => {
                self.forget_assigned(body, &mut unset);
                self.read(*condition, &mut unset);
                self.block(body, Some(unset.clone()));
            }
            StmtKind::Repeat { body, condition, .. } => {
                self.forget_assigned(body, &mut unset);
                if let Some(mut behind) = self.block(body, Some(unset.clone())) {
                    self.read(*condition, &mut behind);
                }
            }
            StmtKind::NumericFor { body, .. } | StmtKind::GenericFor { body, .. } => {
                self.read_all(&visit::operands(statement), &mut unset);
                self.forget_assigned(body, &mut unset);
                self.block(body, Some(unset.clone()));
            }
            StmtKind::Call(call) => self.read(*call, &mut unset),
            StmtKind::LocalFunction { .. } | StmtKind::Label(_) => {}
        }
        Some(unset)
    }

    /// Only variables that no closure could assign meanwhile.
    fn is_followed(&self, local: LocalId) -> bool {
        let local = &self.unit.locals[local];
        local.is_reassigned && !local.is_captured && local.kind == LocalKind::Variable
    }

    fn assign(&mut self, targets: &[ExprId], values: &[ExprId], unset: &mut Unset) {
        for target in targets {
            for part in visit::parts(&self.unit.exprs[*target].kind) {
                self.read(part, unset);
            }
        }
        self.read_all(values, unset);
        for target in targets {
            if let ExprKind::Local(local) = self.unit.exprs[*target].kind {
                unset.remove(&local);
            }
        }
    }

    /// Unset behind an `if` is what is unset behind all of its arms.
    fn branches(
        &mut self,
        arms: &[(ExprId, Block)],
        otherwise: Option<&Block>,
        mut unset: Unset,
    ) -> Option<Unset> {
        let mut behind: Option<Unset> = None;
        let mut join = |after: Option<Unset>| {
            behind = match (behind.take(), after) {
                (Some(one), Some(other)) => Some(&one & &other),
                (one, other) => one.or(other),
            };
        };
        for (condition, body) in arms {
            self.read(*condition, &mut unset);
            join(self.block(body, Some(unset.clone())));
        }
        match otherwise {
            Some(body) => join(self.block(body, Some(unset))),
            None => join(Some(unset)),
        }
        behind
    }

    /// In a loop an assignment of the round before may have come first.
    fn forget_assigned(&self, body: &Block, unset: &mut Unset) {
        if unset.is_empty() {
            return;
        }
        visit::statements(body, &mut |statement| {
            if let StmtKind::Assign { targets, .. } = &statement.kind {
                for target in targets {
                    if let ExprKind::Local(local) = self.unit.exprs[*target].kind {
                        unset.remove(&local);
                    }
                }
            }
        });
    }

    fn read_all(&mut self, exprs: &[ExprId], unset: &mut Unset) {
        for expr in exprs {
            self.read(*expr, unset);
        }
    }

    fn read(&mut self, expr: ExprId, unset: &mut Unset) {
        if unset.is_empty() {
            return;
        }
        visit::expression(self.unit, expr, &mut |id| {
            if let ExprKind::Local(local) = self.unit.exprs[id].kind
                && unset.remove(&local)
            {
                self.reads.entry(local).or_insert(id);
            }
        });
    }
}
