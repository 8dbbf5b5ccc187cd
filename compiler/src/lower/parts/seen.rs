//! What is known of the statements and expressions of a long function.

use std::collections::BTreeSet;

use super::{Cutter, Last};
use crate::lower::ir::{Block, Ending, Expr, Stmt};
use crate::lower::walk;

/// What is known of statements or expressions.
#[derive(Default)]
pub struct Seen {
    /// How many operations there are.
    pub work: usize,
    pub awaits: bool,
    /// It returns, or has no end.
    pub leaves: bool,
    /// Nothing that follows it is ever reached.
    pub never_ends: bool,
    pub breaks: BTreeSet<Option<String>>,
    pub continues: BTreeSet<Option<String>>,
    names: BTreeSet<String>,
}

impl Seen {
    pub fn add(&mut self, other: Seen) {
        self.work += other.work;
        self.awaits |= other.awaits;
        self.leaves |= other.leaves;
        self.never_ends |= other.never_ends;
        self.breaks.extend(other.breaks);
        self.continues.extend(other.continues);
        self.names.extend(other.names);
    }

    /// Whether the next statement is all that can follow.
    pub fn goes_on(&self) -> bool {
        !self.leaves && self.breaks.is_empty() && self.continues.is_empty()
    }

    /// What jumps to a label reach ends there. Whether any leaves it.
    fn reached(&mut self, label: Option<&String>) -> bool {
        let label = label.cloned();
        self.continues.remove(&label);
        self.breaks.remove(&label)
    }
}

impl Cutter {
    pub fn statement(&mut self, statement: &mut Stmt) -> Seen {
        let mut seen = Seen::default();
        match statement {
            Stmt::Return(_) | Stmt::ReturnResult(_) => (seen.leaves, seen.never_ends) = (true, true),
            Stmt::Break(label) => {
                seen.breaks.insert(label.clone());
                seen.never_ends = true;
            }
            Stmt::Continue(label) => {
                seen.continues.insert(label.clone());
                seen.never_ends = true;
            }
            Stmt::Set(name, _) | Stmt::SetCell(name, _) => drop(seen.names.insert(name.clone())),
            Stmt::SetArray(names, _) => seen.names.extend(names.iter().cloned()),
            Stmt::Scope(_) => return self.scope(statement),
            _ => {}
        }
        let (heads, blocks) = walk::parts(statement);
        heads.into_iter().for_each(|head| seen.add(self.expression(head)));
        let mut ends = Vec::new();
        for inner in blocks {
            let mut inner = self.block(inner, None);
            ends.push(!std::mem::take(&mut inner.never_ends));
            seen.add(inner);
        }
        match statement {
            Stmt::If { otherwise, .. } => seen.never_ends |= otherwise.is_some() && !ends.contains(&true),
            Stmt::Loop { label, .. } => {
                let is_left = [None, label.as_ref()].map(|label| seen.reached(label));
                seen.never_ends |= !is_left.contains(&true);
                seen.leaves |= seen.never_ends;
            }
            Stmt::While { label, .. } | Stmt::For { label, .. } | Stmt::Each { label, .. } => {
                seen.reached(None);
                seen.reached(label.as_ref());
            }
            Stmt::Block { label, .. } => {
                let is_left = label.is_some() && seen.reached(label.as_ref());
                seen.never_ends |= !is_left && !ends.contains(&true);
            }
            // Its work is that of another function.
            Stmt::Part(_) => seen.work = 1,
            _ => {}
        }
        seen
    }

    /// What a scope returns is returned by the scope alone.
    fn scope(&mut self, statement: &mut Stmt) -> Seen {
        let mut seen = Seen::default();
        let Stmt::Scope(scope) = statement else { return seen };
        let returns = self.returns.take();
        let mut body = self.block(&mut scope.body, None);
        self.returns = returns;
        (body.leaves, body.never_ends) = (false, false);
        seen.add(body);
        seen.add(self.expression(&mut scope.closed));
        let behind = scope.on_return.iter_mut().chain(&mut scope.jumps);
        behind.for_each(|own| seen.add(self.block(own, None)));
        // Whether it ever comes to its end is not looked at.
        seen.never_ends = !seen.goes_on();
        seen.awaits |= scope.is_async;
        seen.work += 1;
        seen
    }

    pub fn expression(&mut self, expr: &mut Expr) -> Seen {
        if let Expr::Block(statements, value) = expr {
            return self.block(statements, Some(value));
        }
        let mut seen = Seen::default();
        match expr {
            Expr::Name(name) | Expr::Reference(name) | Expr::CellGet(name) | Expr::CellCapture(name) => {
                seen.names.insert(name.clone());
            }
            Expr::Call(call) => {
                // `entries.next(..)`
                seen.names.extend(call.path.split_once('.').map(|(name, _)| name.to_owned()));
                seen.work += 1;
                seen.awaits |= match call.ending {
                    Ending::Await => true,
                    Ending::At { awaits, .. } | Ending::Placed { awaits } | Ending::Tail { awaits, .. } => {
                        awaits
                    }
                    Ending::Nothing | Ending::Try => false,
                };
            }
            _ => {}
        }
        let (always, sometimes) = walk::operands(expr);
        always.into_iter().chain(sometimes).for_each(|operand| seen.add(self.expression(operand)));
        seen
    }
}

/// For every statement the last one that names a variable which it declares, or itself.
pub fn ends(statements: &Block, seen: &[Seen], value: &Seen) -> Vec<usize> {
    let mut ends: Vec<usize> = (0..statements.len()).collect();
    let mut last: Last = value.names.iter().map(|name| (&**name, ends.len())).collect();
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
