//! Long code in parts. What rustc does for one function grows with the square of its length, so a long run of
//! statements becomes parts that are functions to rustc (`sections.rs` makes items of them).
//!
//! What returns or jumps out of a part is handed over as a value and done behind it, as behind a scope. A
//! statement that nothing can follow stays where it is, and so do declarations of variables that are read far
//! behind.

mod chain;
mod exits;
mod seen;

use std::collections::BTreeMap;

use super::ir::{Block, Expr, Part, Returns, Stmt};
use crate::hir::{ExprKind, FunctionId, Unit, visit};
use seen::Seen;

/// A function with more operations that may fail is cut.
const LONG: usize = 1000;

/// So much work makes a part.
pub const PART: usize = 32;

/// What has less of it is left where it stands.
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
    let mut looker = Cutter::default();
    let is_async = body.iter_mut().any(|own| looker.statement(own).awaits);
    Stmt::Part(Box::new(Part { is_async, body, on_return: None, jumps: Vec::new(), section: None }))
}

/// Cuts the body of a long function that returns these results.
pub fn cut(body: &mut Block, returns: Returns) {
    let mut cutter = Cutter { returns: Some(returns), cuts: true, chains: 0 };
    cutter.block(body, None);
}

/// Looks at code, and cuts it where it is long.
#[derive(Default)]
struct Cutter {
    /// What a `return` gives here; `None` where it only leaves a scope, which no part does.
    returns: Option<Returns>,
    cuts: bool,
    /// How many chains of conditions were divided.
    chains: usize,
}

impl Cutter {
    /// Cuts a block and looks at it. Behind its statements a value may follow.
    fn block(&mut self, statements: &mut Block, value: Option<&mut Expr>) -> Seen {
        if self.cuts {
            self.divide_chains(statements);
        }
        let mut seen: Vec<Seen> = statements.iter_mut().map(|own| self.statement(own)).collect();
        let value = value.map(|value| self.expression(value)).unwrap_or_default();
        if self.cuts && seen.iter().map(|own| own.work).sum::<usize>() > 2 * PART {
            let ends = seen::ends(statements, &seen, &value);
            self.divide(statements, &mut seen, &ends);
        }
        let mut all = value;
        seen.into_iter().for_each(|own| all.add(own));
        all
    }

    /// Makes parts of the statements of a block.
    fn divide(&mut self, statements: &mut Block, seen: &mut Vec<Seen>, ends: &[usize]) {
        let mut before = Vec::new();
        let mut sum = 0;
        for own in &*seen {
            before.push(sum);
            sum += own.work;
        }
        let far = |at: usize, end: usize| {
            let work = |at: usize| before.get(at).copied().unwrap_or(usize::MAX);
            end > at && work(end).saturating_sub(work(at)) > PART
        };
        let (mut divided, mut kept, mut run) = (Vec::new(), Vec::new(), Run::default());
        let all = std::mem::take(statements).into_iter().zip(std::mem::take(seen)).zip(ends);
        for (at, ((statement, own), end)) in all.enumerate() {
            let may_join = own.goes_on() || (self.returns.is_some() && !own.never_ends);
            if !may_join || far(at, *end) {
                run.close(at, self.returns, &mut divided, &mut kept);
                divided.push(statement);
                kept.push(own);
                continue;
            }
            if run.seen.work >= PART && run.end < at {
                run.close(at, self.returns, &mut divided, &mut kept);
            }
            run.body.push(statement);
            run.seen.add(own);
            run.end = run.end.max(*end);
        }
        run.close(ends.len(), self.returns, &mut divided, &mut kept);
        *statements = divided;
        *seen = kept;
    }
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
    fn close(&mut self, next: usize, returns: Option<Returns>, into: &mut Block, kept: &mut Vec<Seen>) {
        let Run { mut body, mut seen, end } = std::mem::take(self);
        if seen.work < FEW || end >= next {
            into.append(&mut body);
        } else {
            seen.work = 1;
            let (on_return, jumps) = match returns {
                Some(returns) if !seen.goes_on() => exits::hand_over(&mut body, returns),
                _ => (None, Vec::new()),
            };
            into.push(Stmt::Part(Box::new(Part {
                is_async: seen.awaits,
                body,
                on_return,
                jumps,
                section: None,
            })));
        }
        kept.push(seen);
    }
}

/// For each variable the last statement of a block that names it.
type Last<'a> = BTreeMap<&'a str, usize>;
