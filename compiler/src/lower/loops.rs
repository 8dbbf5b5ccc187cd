//! `while`, `repeat` and both kinds of `for`.

use super::expression::operation;
use super::function::{Lowerer, spend};
use super::ir::{self, Binder, Call, Ending, Expr, Stmt};
use super::statement::ValueList;
use super::unit::Storage;
use crate::hir::{self, ExprId, LocalId, LoopId, StmtKind};

/// A loop of Lua's and what is known of it.
#[derive(Clone, Copy)]
pub struct Head {
    pub id: LoopId,
    pub line: u32,
    /// A turn takes as long as its operators.
    pub is_busy: bool,
}

impl Lowerer<'_> {
    pub fn looped(&mut self, statement: &hir::Stmt, into: &mut ir::Block) {
        let line = self.context.line(statement.span);
        let is_busy = self.is_busy(statement);
        match &statement.kind {
            StmtKind::While { id, condition, body } => {
                let is_endless = crate::analyze::is_always_true(self.context.unit, *condition);
                self.busy_loops += usize::from(is_busy);
                let condition = self.truth(*condition);
                self.busy_loops -= usize::from(is_busy);
                let head = Head { id: *id, line, is_busy };
                let (body, label) = self.inside_loop(head, |lowerer| lowerer.loop_body(&[], body));
                into.push(if is_endless {
                    Stmt::Loop { label, body }
                } else {
                    Stmt::While { label, condition, body }
                });
            }
            StmtKind::Repeat { id, body, condition } => {
                let (body, label) = self.inside_loop(Head { id: *id, line, is_busy }, |lowerer| {
                    let mut lowered = lowerer.loop_body(&[], body);
                    if crate::analyze::falls_through(lowerer.context.unit, body) {
                        let arms = vec![(lowerer.truth(*condition), vec![Stmt::Break(None)])];
                        lowered.push(Stmt::If { arms, otherwise: None });
                    }
                    lowered
                });
                into.push(Stmt::Loop { label, body });
            }
            StmtKind::NumericFor { id, variable, start, limit, step, body } => {
                let bounds = [Some(*start), Some(*limit), *step];
                self.numeric_for(Head { id: *id, line, is_busy }, *variable, bounds, body, into);
            }
            StmtKind::GenericFor { id, variables, values, body } => {
                self.generic_for(Head { id: *id, line, is_busy }, variables, values, body, into);
            }
            _ => {}
        }
    }

    fn numeric_for(
        &mut self,
        head: Head,
        variable: LocalId,
        bounds: [Option<ExprId>; 3],
        body: &hir::Block,
        into: &mut ir::Block,
    ) {
        let mut args = Vec::new();
        for bound in bounds {
            args.push(bound.map_or(Expr::Int(1), |bound| self.passed(bound, false)));
        }
        // The `do` has been read.
        let last = bounds.into_iter().flatten().last();
        let site = self.site_in(last.map_or(head.line, |last| self.context.line_behind(last, true)));
        let iterator = operation("numeric_for", args, site, false);
        let (body, label) = self.inside_loop(head, |lowerer| lowerer.loop_body(&[variable], body));
        into.push(Stmt::For { label, variable: self.loop_binder(variable), iterator, body });
    }

    fn generic_for(
        &mut self,
        head: Head,
        variables: &[LocalId],
        values: &[ExprId],
        body: &hir::Block,
        into: &mut ir::Block,
    ) {
        let state = self.invent("each");
        let line = values.first().map_or(head.line, |first| self.context.first_line(*first));
        let values = match self.value_list(values, 3, into) {
            // What stands behind the third value is evaluated and dropped.
            ValueList::Each(mut values) if values.len() > 3 => {
                for extra in values.split_off(3) {
                    into.push(Stmt::Eval(extra));
                }
                Expr::Array(values)
            }
            ValueList::Each(values) => Expr::Array(values),
            ValueList::Array(array) => array,
        };
        let start = Call { path: "generic_for".to_owned(), args: vec![values], ending: Ending::Nothing };
        let binder = Binder { name: state.clone(), is_mutable: true };
        into.push(Stmt::Let(binder, Expr::Call(Box::new(start))));
        let awaits = self.is_async && self.context.facts.loops[head.id];
        let site = self.site_in(line);
        let next = operation(&format!("{state}.next"), Vec::new(), site, awaits);
        let (body, label) = self.inside_loop(head, |lowerer| lowerer.loop_body(variables, body));
        let variables = variables.iter().map(|variable| self.loop_binder(*variable)).collect();
        let variables = self.distinct(variables);
        into.push(Stmt::Each { label, variables, next, body });
        self.leftovers.push(state);
    }

    fn loop_binder(&self, variable: LocalId) -> Binder {
        let is_mutable = self.context.storage[variable] == Storage::Variable
            && self.context.unit.locals[variable].is_reassigned;
        Binder { name: self.local_name(variable), is_mutable }
    }

    /// The body, behind cells for the loop variables that closures share and somebody writes.
    fn loop_body(&mut self, variables: &[LocalId], body: &hir::Block) -> ir::Block {
        let mut lowered = vec![spend()];
        for variable in variables {
            if self.context.storage[*variable] == Storage::Cell {
                let name = self.local_name(*variable);
                let value = Expr::CellNew(Box::new(Expr::Name(name.clone())));
                lowered.push(Stmt::Let(Binder { name, is_mutable: false }, value));
            }
        }
        lowered.extend(self.block(body));
        lowered
    }
}
