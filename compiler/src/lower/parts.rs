//! Long code in parts. What rustc does for one function grows with the square of its length, so a long run of
//! statements becomes parts that are functions to rustc: a closure that is called at once, or an async block
//! that is awaited.
//!
//! A part ends in no other way than by its last statement or an error: statements that return or jump out stay
//! between the parts, and so do declarations of variables that are read far behind.

use std::collections::{BTreeMap, BTreeSet};

use super::ir::{Block, Ending, Expr, Stmt};
use super::walk;
use crate::hir::{ExprKind, FunctionId, Unit, visit};

/// A function with more operations that may fail is cut.
const LONG: usize = 1000;

/// So many of them make a part.
pub const PART: usize = 32;

/// What has fewer of them is left where it stands.
const FEW: usize = 8;

/// Whether the function is to be cut.
pub fn is_long(unit: &Unit, function: FunctionId) -> bool {
    let mut operations = 0;
    visit::expressions(unit, &unit.functions[function].body, &mut |id| {
        operations += usize::from(matches!(
            unit.exprs[id].kind,
            ExprKind::Global(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
                | ExprKind::Call { .. }
                | ExprKind::MethodCall { .. }
                | ExprKind::Concat(_)
                | ExprKind::Unary { .. }
                | ExprKind::Binary { .. }
        ));
    });
    operations > LONG
}

/// A part of these statements, which only go on.
pub fn part(mut body: Block) -> Stmt {
    let is_async = body.iter_mut().any(|own| statement(own).awaits);
    Stmt::Part { is_async, body }
}

/// What is known of statements or expressions.
#[derive(Default)]
struct Seen {
    /// How many errors leave the function here.
    errors: usize,
    awaits: bool,
    /// It returns, or has no end.
    leaves: bool,
    breaks: BTreeSet<Option<String>>,
    continues: BTreeSet<Option<String>>,
    names: BTreeSet<String>,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.errors += other.errors;
        self.awaits |= other.awaits;
        self.leaves |= other.leaves;
        self.breaks.extend(other.breaks);
        self.continues.extend(other.continues);
        self.names.extend(other.names);
    }

    /// Whether the next statement is all that can follow.
    fn goes_on(&self) -> bool {
        !self.leaves && self.breaks.is_empty() && self.continues.is_empty()
    }

    /// What jumps to a label reach ends there. Whether any leaves it.
    fn reached(&mut self, label: Option<&String>) -> bool {
        let label = label.cloned();
        self.continues.remove(&label);
        self.breaks.remove(&label)
    }
}

/// Cuts the body of a long function.
pub fn cut(body: &mut Block) {
    block(body, None);
}

/// Cuts a block and looks at it. Behind its statements a value may follow.
fn block(statements: &mut Block, value: Option<&mut Expr>) -> Seen {
    let mut seen: Vec<Seen> = statements.iter_mut().map(statement).collect();
    let value = value.map(expression).unwrap_or_default();
    if seen.iter().map(|own| own.errors).sum::<usize>() > 2 * PART {
        let ends = ends(statements, &seen, &value);
        divide(statements, &mut seen, &ends);
    }
    let mut all = value;
    seen.into_iter().for_each(|own| all.add(own));
    all
}

fn statement(statement: &mut Stmt) -> Seen {
    let mut seen = Seen::default();
    match statement {
        Stmt::Return(_) | Stmt::ReturnResult(_) => seen.leaves = true,
        Stmt::Break(label) => drop(seen.breaks.insert(label.clone())),
        Stmt::Continue(label) => drop(seen.continues.insert(label.clone())),
        Stmt::Set(name, _) | Stmt::SetCell(name, _) => drop(seen.names.insert(name.clone())),
        Stmt::SetArray(names, _) => seen.names.extend(names.iter().cloned()),
        Stmt::Scope(scope) => {
            // What it returns is returned by the scope alone.
            let mut body = block(&mut scope.body, None);
            body.leaves = false;
            seen.add(body);
            seen.add(expression(&mut scope.closed));
            let behind = scope.on_return.iter_mut().chain(&mut scope.jumps);
            behind.for_each(|own| seen.add(block(own, None)));
            seen.awaits |= scope.is_async;
            seen.errors += 1;
            return seen;
        }
        _ => {}
    }
    let (heads, blocks) = walk::parts(statement);
    heads.into_iter().for_each(|head| seen.add(expression(head)));
    blocks.into_iter().for_each(|inner| seen.add(block(inner, None)));
    match statement {
        Stmt::Loop { label, .. } => {
            let is_left = [None, label.as_ref()].map(|label| seen.reached(label));
            seen.leaves |= !is_left.contains(&true);
        }
        Stmt::While { label, .. } | Stmt::For { label, .. } | Stmt::Each { label, .. } => {
            seen.reached(None);
            seen.reached(label.as_ref());
        }
        Stmt::Block { label: label @ Some(_), .. } => drop(seen.reached(label.as_ref())),
        // Its errors are those of another function.
        Stmt::Part { .. } => seen.errors = 1,
        _ => {}
    }
    seen
}

fn expression(expr: &mut Expr) -> Seen {
    if let Expr::Block(statements, value) = expr {
        return block(statements, Some(value));
    }
    let mut seen = Seen::default();
    match expr {
        Expr::Name(name) | Expr::Reference(name) | Expr::CellGet(name) | Expr::CellCapture(name) => {
            seen.names.insert(name.clone());
        }
        Expr::Call(call) => {
            let (errors, awaits) = match call.ending {
                Ending::Nothing => (0, false),
                Ending::Await => (0, true),
                Ending::Try => (1, false),
                Ending::At { awaits, .. } | Ending::Placed { awaits } => (1, awaits),
                Ending::Tail { awaits, .. } => (0, awaits),
            };
            // `entries.next(..)`
            seen.names.extend(call.path.split_once('.').map(|(name, _)| name.to_owned()));
            seen.errors += errors;
            seen.awaits |= awaits;
        }
        _ => {}
    }
    let (always, sometimes) = walk::operands(expr);
    always.into_iter().chain(sometimes).for_each(|operand| seen.add(expression(operand)));
    seen
}

/// For every statement the last one that names a variable which it declares, or itself.
fn ends(statements: &Block, seen: &[Seen], value: &Seen) -> Vec<usize> {
    let mut ends: Vec<usize> = (0..statements.len()).collect();
    let mut last: BTreeMap<&str, usize> = value.names.iter().map(|name| (&**name, ends.len())).collect();
    for (at, (statement, own)) in statements.iter().zip(seen).enumerate().rev() {
        for name in declared(statement) {
            if let Some(end) = ends.get_mut(at) {
                *end = (*end).max(last.remove(name).unwrap_or(at));
            }
        }
        for name in &own.names {
            last.entry(name).or_insert(at);
        }
    }
    ends
}

fn declared(statement: &Stmt) -> impl Iterator<Item = &str> {
    let binders = match statement {
        Stmt::Let(binder, _) => std::slice::from_ref(binder),
        Stmt::LetArray(binders, _) => binders,
        _ => &[],
    };
    binders.iter().map(|binder| &*binder.name)
}

/// Statements that may become a part.
#[derive(Default)]
struct Run {
    body: Block,
    seen: Seen,
    /// The last statement that reads what these declare.
    end: usize,
}

impl Run {
    /// Puts the statements in front of number `next` where they belong.
    fn close(&mut self, next: usize, into: &mut Block, kept: &mut Vec<Seen>) {
        let Run { mut body, mut seen, end } = std::mem::take(self);
        if seen.errors < FEW || end >= next {
            into.append(&mut body);
        } else {
            seen.errors = 1;
            into.push(Stmt::Part { is_async: seen.awaits, body });
        }
        kept.push(seen);
    }
}

/// Makes parts of the statements of a block.
fn divide(statements: &mut Block, seen: &mut Vec<Seen>, ends: &[usize]) {
    let mut before = Vec::new();
    let mut sum = 0;
    for own in &*seen {
        before.push(sum);
        sum += own.errors;
    }
    let far = |at: usize, end: usize| {
        let errors = |at: usize| before.get(at).copied().unwrap_or(usize::MAX);
        end > at && errors(end).saturating_sub(errors(at)) > PART
    };
    let (mut divided, mut kept, mut run) = (Vec::new(), Vec::new(), Run::default());
    let all = std::mem::take(statements).into_iter().zip(std::mem::take(seen)).zip(ends);
    for (at, ((statement, own), end)) in all.enumerate() {
        if !own.goes_on() || far(at, *end) {
            run.close(at, &mut divided, &mut kept);
            divided.push(statement);
            kept.push(own);
            continue;
        }
        if run.seen.errors >= PART && run.end < at {
            run.close(at, &mut divided, &mut kept);
        }
        run.body.push(statement);
        run.seen.add(own);
        run.end = run.end.max(*end);
    }
    run.close(ends.len(), &mut divided, &mut kept);
    *statements = divided;
    *seen = kept;
}
