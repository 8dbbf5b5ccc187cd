//! Where a variable is read for the last time, so that its value may be moved instead of cloned.
//!
//! Only what is plain to see: the variable belongs to this function alone, no jump goes back, the
//! read is the last in the text and stands in no loop that its declaration does not share, and
//! nothing else in the same statement reads it, except calls that are over before.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use super::bindings::UnitBindings;
use crate::hir::{
    Block, ExprId, ExprKind, FunctionId, LocalId, LocalKind, LoopId, Stmt, StmtKind, Unit, visit,
};

pub fn find(world: &World, bindings: &[UnitBindings]) -> Vec<BTreeSet<ExprId>> {
    world.iter().zip(bindings).map(|((_, own), bindings)| of_unit(&own.unit, bindings)).collect()
}

fn of_unit(unit: &Unit, bindings: &UnitBindings) -> BTreeSet<ExprId> {
    let mut moves = BTreeSet::new();
    for (id, function) in unit.functions.iter() {
        let mut has_jumps = false;
        visit::statements(&function.body, &mut |statement| {
            has_jumps |= matches!(statement.kind, StmtKind::Goto(_) | StmtKind::Label(_));
        });
        if has_jumps {
            continue;
        }
        let mut search = Search { unit, loops: Vec::new(), declared: BTreeMap::new(), last: BTreeMap::new() };
        search.block(&function.body);
        let shared = shared_with_inner(unit, bindings, id);
        for (local, read) in search.last {
            if unit.locals[local].kind == LocalKind::ToBeClosed {
                // It is read once more where its block ends.
                continue;
            }
            let is_own = unit.locals[local].owner == id;
            let home = search.declared.get(&local).map_or(&[][..], Vec::as_slice);
            // A captured value waits outside the loop that a tail call of the function to itself is.
            let is_safe = is_own || !calls_itself(unit, bindings, id);
            if read.is_alone && read.loops == home && !shared.contains(&local) && is_safe {
                moves.insert(read.expression);
            }
        }
    }
    moves
}

/// Locals that functions inside this one capture.
fn shared_with_inner(unit: &Unit, bindings: &UnitBindings, id: FunctionId) -> BTreeSet<LocalId> {
    let inner = unit.functions.iter().filter(|(_, function)| function.parent == Some(id));
    inner.flat_map(|(inner, _)| bindings.captures[inner].iter().copied()).collect()
}

/// Whether the function reads its own name.
fn calls_itself(unit: &Unit, bindings: &UnitBindings, id: FunctionId) -> bool {
    let mut found = false;
    visit::expressions(unit, &unit.functions[id].body, &mut |expression| {
        if let ExprKind::Upvalue(local) = unit.exprs[expression].kind {
            found |= bindings.locals[local] == super::Binding::Function(id);
        }
    });
    found
}

/// The latest read of a local seen so far.
struct Read {
    expression: ExprId,
    loops: Vec<LoopId>,
    /// Nothing else in its statement reads the local, or only calls that are over by then.
    is_alone: bool,
}

struct Search<'a> {
    unit: &'a Unit,
    /// The loops around, outermost first.
    loops: Vec<LoopId>,
    /// The loops around each declaration; none for parameters and captures.
    declared: BTreeMap<LocalId, Vec<LoopId>>,
    last: BTreeMap<LocalId, Read>,
}

impl Search<'_> {
    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::While { id, condition, body } => {
                self.loops.push(*id);
                self.reads(&[*condition]);
                self.block(body);
                self.loops.pop();
            }
            StmtKind::Repeat { id, body, condition } => {
                self.loops.push(*id);
                self.block(body);
                self.reads(&[*condition]);
                self.loops.pop();
            }
            StmtKind::NumericFor { id, variable, body, .. } => {
                self.reads(&visit::operands(statement));
                self.inside(*id, &[*variable], body);
            }
            StmtKind::GenericFor { id, variables, body, .. } => {
                self.reads(&visit::operands(statement));
                self.inside(*id, variables, body);
            }
            StmtKind::Assign { targets, values } => {
                let is_place = |target: &&ExprId| {
                    matches!(self.unit.exprs[**target].kind, ExprKind::Local(_) | ExprKind::Upvalue(_))
                };
                let read: Vec<ExprId> =
                    targets.iter().filter(|target| !is_place(target)).chain(values).copied().collect();
                self.reads_in_any_order(&read);
            }
            _ => {
                self.reads(&visit::operands(statement));
                for block in visit::blocks(statement) {
                    self.block(block);
                }
            }
        }
        if let StmtKind::Local { locals, .. } = &statement.kind {
            self.declare(locals);
        }
        if let StmtKind::LocalFunction { local, .. } = &statement.kind {
            self.declare(&[*local]);
        }
    }

    fn inside(&mut self, id: LoopId, variables: &[LocalId], body: &Block) {
        self.loops.push(id);
        self.declare(variables);
        self.block(body);
        self.loops.pop();
    }

    fn declare(&mut self, locals: &[LocalId]) {
        for local in locals {
            self.declared.insert(*local, self.loops.clone());
        }
    }

    /// Notes the reads of one statement's expressions, which are evaluated in this order.
    fn reads(&mut self, expressions: &[ExprId]) {
        let mut reads = BTreeMap::new();
        for expression in expressions {
            self.reads_in(*expression, &mut reads);
        }
        for (local, own) in reads {
            let loops = self.loops.clone();
            self.last.insert(local, Read { expression: own.last, loops, is_alone: own.is_alone });
        }
    }

    /// As [`Search::reads`], of expressions whose order is not that of the text.
    fn reads_in_any_order(&mut self, expressions: &[ExprId]) {
        let mut counts = BTreeMap::<LocalId, usize>::new();
        for expression in expressions {
            visit::expression(self.unit, *expression, &mut |id| {
                if let ExprKind::Local(local) | ExprKind::Upvalue(local) = self.unit.exprs[id].kind {
                    *counts.entry(local).or_default() += 1;
                }
            });
        }
        self.reads(expressions);
        for (local, count) in counts {
            if let Some(read) = self.last.get_mut(&local) {
                read.is_alone &= count == 1;
            }
        }
    }

    fn reads_in(&self, id: ExprId, reads: &mut BTreeMap<LocalId, Reads>) {
        let kind = &self.unit.exprs[id].kind;
        let is_call = matches!(kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. });
        // What was lent before a call is still lent after it.
        let before: Vec<(LocalId, usize)> =
            if is_call { reads.iter().map(|(local, own)| (*local, own.open)).collect() } else { Vec::new() };
        for part in visit::parts(kind) {
            self.reads_in(part, reads);
        }
        if let ExprKind::Local(local) | ExprKind::Upvalue(local) = kind {
            let lent = reads.get(local).map_or(0, |own| own.open);
            reads.insert(*local, Reads { last: id, is_alone: lent == 0, open: lent + 1 });
        }
        if is_call {
            // It is over: it gave values of its own.
            reads.values_mut().for_each(|own| own.open = 0);
            for (local, open) in before {
                if let Some(own) = reads.get_mut(&local) {
                    own.open = open;
                }
            }
        }
    }
}

/// The reads of a local in one statement, so far.
struct Reads {
    last: ExprId,
    /// No read before the last still lends the local.
    is_alone: bool,
    /// How many reads stand in no call that is over.
    open: usize,
}
