//! Which local variables a place of the text sees.

use crate::hir::{Block, ExprKind, FunctionId, LocalId, Stmt, StmtKind, Unit};
use crate::source::Span;

/// The locals in scope at a byte, outer ones first.
pub fn locals(unit: &Unit, at: u32) -> Vec<LocalId> {
    let mut around: Vec<FunctionId> =
        unit.functions.ids().filter(|id| *id == unit.chunk || holds(unit.functions[*id].span, at)).collect();
    around.sort_by_key(|id| (*id != unit.chunk, unit.functions[*id].span.start));
    let mut scope = Scope { unit, at, found: Vec::new() };
    for id in around {
        let function = &unit.functions[id];
        scope.found.extend(&function.params);
        scope.block(&function.body);
    }
    scope.found
}

fn holds(span: Span, at: u32) -> bool {
    (span.start..span.end).contains(&at)
}

struct Scope<'a> {
    unit: &'a Unit,
    at: u32,
    found: Vec<LocalId>,
}

impl Scope<'_> {
    fn block(&mut self, block: &Block) {
        let at = self.at;
        for statement in block.iter().take_while(|statement| statement.span.start <= at) {
            if statement.span.end > at {
                return self.inside(statement);
            }
            self.declared(statement);
        }
    }

    /// What a statement declares for those behind it.
    fn declared(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Local { locals, .. } => self.found.extend(locals),
            StmtKind::LocalFunction { local, .. } => self.found.push(*local),
            _ => {}
        }
    }

    /// What it declares for its own parts.
    fn inside(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::LocalFunction { local, .. } => self.found.push(*local),
            // In a function that is a local's value the local is known.
            StmtKind::Local { locals, values } => {
                if let ([local], [value]) = (locals.as_slice(), values.as_slice())
                    && matches!(self.unit.exprs[*value].kind, ExprKind::Function(_))
                {
                    self.found.push(*local);
                }
            }
            StmtKind::Do(body) | StmtKind::While { body, .. } => self.body(&[], body),
            // The condition sees the locals of the body.
            StmtKind::Repeat { body, .. } => self.block(body),
            StmtKind::NumericFor { variable, body, .. } => self.body(&[*variable], body),
            StmtKind::GenericFor { variables, body, .. } => self.body(variables, body),
            StmtKind::If { arms, otherwise } => {
                arms.iter().map(|(_, body)| body).chain(otherwise).for_each(|body| self.body(&[], body));
            }
            _ => {}
        }
    }

    /// A block with variables of its own, if the place is in it.
    fn body(&mut self, variables: &[LocalId], body: &Block) {
        if let (Some(first), Some(last)) = (body.first(), body.last())
            && (first.span.start..last.span.end).contains(&self.at)
        {
            self.found.extend(variables);
            self.block(body);
        }
    }
}
