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

    /// The site of a field or an element of `base` that is read.
    pub fn read_site(&self, id: ExprId, base: ExprId) -> Site {
        Site { names: self.operand_names(&[base]), ..self.site_in(self.context.read_line(id)) }
    }

    /// The site of an operator on `operands`, of which `left` stands in front of it.
    pub fn operator_site(&self, left: ExprId, operands: &[ExprId]) -> Site {
        Site { names: self.operand_names(operands), ..self.site_in(self.context.operator_line(left)) }
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
