//! `local x <close> = e`: the statements behind it become a unit of their own, a closure or an async
//! block, so that `x` is closed however they end. A `return` or a jump out of them is handed over as
//! a value and done behind the closing.

use super::expression::method;
use super::function::Lowerer;
use super::ir::{self, Call, Ending, Expr, Returns, Scope, Stmt};
use super::jump::Frame;
use crate::hir::{self, LocalId, LocalKind, StmtKind};

/// A scope that is being lowered.
#[derive(Clone, Debug, Default)]
pub struct Exits {
    pub returns: bool,
    /// The jumps as the code around the scope does them.
    pub jumps: Vec<ir::Block>,
}

impl Lowerer<'_> {
    /// The variable a statement declares to be closed.
    pub fn to_be_closed(&self, statement: &hir::Stmt) -> Option<LocalId> {
        let StmtKind::Local { locals, .. } = &statement.kind else { return None };
        locals.iter().copied().find(|local| self.context.unit.locals[*local].kind == LocalKind::ToBeClosed)
    }

    /// The statements behind the declaration of `local`, lowered by `rest`.
    pub fn closed_scope(
        &mut self,
        local: LocalId,
        declaration: &hir::Stmt,
        falls_through: bool,
        rest: impl FnOnce(&mut Self) -> ir::Block,
    ) -> Vec<Stmt> {
        let line = self.context.line(declaration.span);
        let lua = self.context.unit.locals[local].name.clone();
        let closed = self.read_local(local);
        let site = self.site_in(line);
        let mut check = vec![Expr::Word("cx"), closed.clone().borrowed(), Expr::Str(lua)];
        check.push(Expr::Site(site.clone()));
        let check = Call { path: "closable".to_owned(), args: check, ending: Ending::Try };
        let name = self.invent("scope");
        self.frames.push(Frame::Scope(Exits::default()));
        let body = rest(self);
        let exits = match self.frames.pop() {
            Some(Frame::Scope(exits)) => exits,
            _ => Exits::default(),
        };
        let on_return = exits.returns.then(|| vec![self.hand_over_return()]);
        let scope = Scope {
            name,
            returns: self.returns,
            is_async: self.is_async,
            body,
            falls_through,
            closed,
            site,
            on_return,
            jumps: exits.jumps,
        };
        vec![Stmt::Eval(Expr::Call(Box::new(check))), Stmt::Scope(Box::new(scope))]
    }

    /// Whether some scope lies between here and the function's own level.
    pub fn is_in_scope(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame, Frame::Scope(_)))
    }

    /// `return Ok(value)` behind a scope that returned: of the function, or of the scope around.
    fn hand_over_return(&mut self) -> Stmt {
        let value = Expr::Name("value".to_owned());
        if !self.is_in_scope() && self.returns == Returns::Multi {
            let args = vec![Expr::Word("cx"), value];
            let call = Call { path: "Multi::from_values".to_owned(), args, ending: Ending::Nothing };
            return Stmt::Return(Expr::Call(Box::new(call)));
        }
        self.leave(value)
    }

    /// A `return` of a value that has the function's own form.
    pub fn finish_return(&mut self, value: Expr) -> Stmt {
        if self.is_in_scope() && self.returns == Returns::Multi {
            // What closes the variables has results of its own, so these are put aside.
            return self.leave(method(value, "into_args", vec![Expr::Word("cx")]));
        }
        self.leave(value)
    }

    fn leave(&mut self, value: Expr) -> Stmt {
        let innermost = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Scope(exits) => Some(exits),
            _ => None,
        });
        let Some(exits) = innermost else { return Stmt::Return(value) };
        exits.returns = true;
        let call = Call { path: "Scope::Returns".to_owned(), args: vec![value], ending: Ending::Nothing };
        Stmt::Return(Expr::Call(Box::new(call)))
    }

    /// A jump whose target lies outside the frames from `target` on: through every scope between.
    pub fn jump_out(&mut self, target: usize, jump: Vec<Stmt>) -> Vec<Stmt> {
        let mut jump = jump;
        // The outermost scope does the jump itself; every inner one hands its number to the next.
        let scopes: Vec<usize> = self
            .frames
            .iter()
            .enumerate()
            .skip(target)
            .filter(|(_, frame)| matches!(frame, Frame::Scope(_)))
            .map(|(at, _)| at)
            .collect();
        for at in scopes {
            let Some(Frame::Scope(exits)) = self.frames.get_mut(at) else { continue };
            exits.jumps.push(jump);
            let number = Expr::Number(i64::try_from(exits.jumps.len() - 1).unwrap_or(0));
            let call = Call { path: "Scope::Jumps".to_owned(), args: vec![number], ending: Ending::Nothing };
            jump = vec![Stmt::Return(Expr::Call(Box::new(call)))];
        }
        jump
    }
}
