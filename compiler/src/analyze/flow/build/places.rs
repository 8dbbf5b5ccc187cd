//! Where the value of an expression comes from, and where an assignment stores one.

use super::Builder;
use crate::analyze::flow::Node;
use crate::analyze::{FunctionRef, UnitId, WorldUnit};
use crate::hir::{ExprId, ExprKind, FunctionId};
use crate::library;

impl Builder<'_> {
    /// The nodes an expression's value may come from.
    pub(super) fn sources(&mut self, own: &WorldUnit, unit: UnitId, id: ExprId) -> Vec<u32> {
        match &own.unit.exprs[id].kind {
            ExprKind::Function(function) => {
                self.lua(FunctionRef { unit, function: *function }).into_iter().collect()
            }
            ExprKind::Local(local) | ExprKind::Upvalue(local) => vec![self.node(Node::Local(unit, *local))],
            ExprKind::Global(name) => self.global(own, name),
            ExprKind::Field { name, .. } => self.field_read(name),
            ExprKind::Index { key, .. } => match self.key_place(own, unit, *key) {
                Node::Numbers => vec![self.node(Node::Numbers), self.node(Node::Computed)],
                Node::Field(name) => self.field_read(&name),
                _ => vec![self.node(Node::Any)],
            },
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } => vec![self.node(Node::Call(unit, id))],
            ExprKind::And { left, right } | ExprKind::Or { left, right } => {
                let mut sources = self.sources(own, unit, *left);
                sources.extend(self.sources(own, unit, *right));
                sources
            }
            ExprKind::Single(inner) => self.sources(own, unit, *inner),
            ExprKind::Vararg => self.all_varargs(own, unit),
            _ => Vec::new(),
        }
    }

    fn all_varargs(&mut self, own: &WorldUnit, unit: UnitId) -> Vec<u32> {
        let functions = own.unit.functions.iter().filter(|(_, function)| function.is_vararg);
        let functions: Vec<FunctionId> = functions.map(|(id, _)| id).collect();
        functions
            .into_iter()
            .map(|function| self.node(Node::Varargs(FunctionRef { unit, function })))
            .collect()
    }

    fn field_read(&mut self, name: &str) -> Vec<u32> {
        let mut sources = vec![self.node(Node::Field(name.to_owned())), self.node(Node::Computed)];
        let is_script = self.globals.is_script();
        for module in
            library::MODULES.iter().filter(|module| !is_script || library::is_in_scripts(module.name))
        {
            if let Some(function) = module.function(name) {
                sources.extend(self.library(function));
            }
        }
        // A method of a host object, read like a field: `pcall(inbox.receive, inbox)`.
        if let Some(method) = self.userdata.blocking_method(name) {
            sources.extend(self.library(method));
        }
        sources
    }

    fn global(&mut self, own: &WorldUnit, name: &str) -> Vec<u32> {
        let mut sources = vec![self.node(Node::Global(name.to_owned()))];
        if let Some(function) = library::BASE.function(name) {
            sources.extend(self.library(function));
        }
        if let Some((_, target)) = own.imports.iter().find(|(alias, _)| alias == name) {
            let function = self.world[*target].unit.chunk;
            sources.push(self.node(Node::Returns(FunctionRef { unit: *target, function })));
        }
        if self.globals.may_be_assigned(name) {
            sources.push(self.node(Node::Computed));
        }
        sources
    }

    /// Where a value under this key stands.
    pub(super) fn key_place(&self, own: &WorldUnit, unit: UnitId, key: ExprId) -> Node {
        match &own.unit.exprs[key].kind {
            ExprKind::String(name) => Node::Field(String::from_utf8_lossy(name).into_owned()),
            _ => match self.numbers.get(crate::index::Id::index(unit)) {
                Some(numbers) if numbers.is_number(&own.unit, key) => Node::Numbers,
                _ => Node::Computed,
            },
        }
    }

    /// Where an assignment to `target` stores.
    pub(super) fn places(&mut self, own: &WorldUnit, unit: UnitId, target: ExprId) -> Vec<u32> {
        let place = match &own.unit.exprs[target].kind {
            ExprKind::Local(local) | ExprKind::Upvalue(local) => Node::Local(unit, *local),
            ExprKind::Global(name) => Node::Global(name.clone()),
            ExprKind::Field { base, name } => {
                if matches!(&own.unit.exprs[*base].kind, ExprKind::Global(table) if table == "_G") {
                    Node::Global(name.clone())
                } else {
                    Node::Field(name.clone())
                }
            }
            ExprKind::Index { key, .. } => self.key_place(own, unit, *key),
            _ => return Vec::new(),
        };
        vec![self.node(place)]
    }
}

pub fn gives_several(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg)
}
