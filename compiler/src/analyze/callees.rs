//! Whom each call expression reaches.

use super::World;
use super::bindings::{Binding, UnitBindings, known};
use super::globals::Globals;
use crate::hir::{ExprId, ExprKind, FunctionId};
use crate::index::IdVec;
use crate::library::{Function, Module};

/// The target of a call.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Callee {
    /// Whatever value is there at run time.
    #[default]
    Unknown,
    /// A function of the same unit.
    Function(FunctionId),
    Library(&'static Module, &'static Function),
}

pub fn find(world: &World, globals: &Globals, bindings: &[UnitBindings]) -> Vec<IdVec<ExprId, Callee>> {
    let mut found = Vec::new();
    for ((_, own), bindings) in world.iter().zip(bindings) {
        let mut callees = IdVec::filled(Callee::Unknown, own.unit.exprs.len());
        for (id, expression) in own.unit.exprs.iter() {
            callees[id] = match &expression.kind {
                ExprKind::Call { callee, .. } => match known(own, globals, &bindings.locals, *callee) {
                    Binding::Function(function) => Callee::Function(function),
                    Binding::Library(module, function) => Callee::Library(module, function),
                    _ => Callee::Unknown,
                },
                // `logger:info(..)`
                ExprKind::MethodCall { receiver, name, .. } => {
                    match known(own, globals, &bindings.locals, *receiver) {
                        Binding::Module(module) => module
                            .function(name)
                            .map_or(Callee::Unknown, |function| Callee::Library(module, function)),
                        _ => Callee::Unknown,
                    }
                }
                _ => continue,
            };
        }
        found.push(callees);
    }
    found
}
