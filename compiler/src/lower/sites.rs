//! Places in Lua: the line of an operation and what its operands are called.

use super::function::Lowerer;
use super::ir::{Name, Site};
use crate::hir::{ExprId, ExprKind};

impl Lowerer<'_> {
    pub fn site_at(&self, id: ExprId) -> Site {
        self.site_in(self.context.line(self.context.unit.exprs[id].span))
    }

    /// A site in `line` of this function.
    pub fn site_in(&self, line: u32) -> Site {
        Site { line, within: self.context.lines.within(self.function, line), names: Vec::new() }
    }

    /// The site of an operation on `operands`.
    pub fn site(&self, id: ExprId, operands: &[ExprId]) -> Site {
        Site { names: self.operand_names(operands), ..self.site_at(id) }
    }

    /// What the operands are called, without the tail that has no names.
    pub fn operand_names(&self, operands: &[ExprId]) -> Vec<Name> {
        // Where a text is all there is, it has a name, as in PUC Lua: `("x")()`, `-"x"`.
        if let [only] = operands
            && let ExprKind::String(text) = &self.context.unit.exprs[*only].kind
        {
            return vec![Name::Constant(String::from_utf8_lossy(text).into_owned())];
        }
        let mut names: Vec<Name> = operands.iter().map(|operand| self.name_of(*operand)).collect();
        while names.last() == Some(&Name::None) {
            names.pop();
        }
        names
    }

    pub fn name_of(&self, id: ExprId) -> Name {
        let unit = self.context.unit;
        match &unit.exprs[id].kind {
            ExprKind::Local(local) => Name::Local(unit.locals[*local].name.clone()),
            ExprKind::Upvalue(local) => Name::Upvalue(unit.locals[*local].name.clone()),
            ExprKind::Global(name) => Name::Global(name.clone()),
            ExprKind::Field { name, .. } => Name::Field(name.clone()),
            ExprKind::Index { .. } => Name::Field("?".to_owned()),
            _ => Name::None,
        }
    }
}
