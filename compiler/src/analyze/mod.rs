//! Facts about the whole program, by id: each small analysis answers one question.
//!
//! The world is closed: every Lua file of the application is known and nothing makes code at run
//! time. What a name is bound to, which function a call reaches and which functions may suspend are
//! therefore decided here, once, for all units together.

mod bindings;
mod callees;
pub mod check;
mod entrance;
mod exports;
mod flow;
mod globals;
mod groups;
mod metamethods;
mod moves;
mod print;
mod results;
#[cfg(test)]
mod sample;
mod suspend;
mod userdata;

pub use bindings::{Binding, known};
pub use callees::Callee;
pub use exports::{Exports, exports};
pub use print::print;
pub use results::{Shape, can_start_again, falls_through, is_always_true};

use std::collections::BTreeSet;

use crate::hir::{ExprId, FunctionId, LocalId, LoopId, Unit};
use crate::ids;
use crate::index::IdVec;
use crate::library::{self, SINGLE_METHODS};

ids! {
    /// One Lua entry of the application.
    pub struct UnitId = "unit";
}

/// A Lua entry with what its manifest says about names.
#[derive(Clone, Debug)]
pub struct WorldUnit {
    pub unit: Unit,
    /// Built-in modules it lists.
    pub modules: BTreeSet<String>,
    /// Import aliases and the units they name.
    pub imports: Vec<(String, UnitId)>,
    /// The function that its processes, or its calls, begin with.
    pub method: Option<String>,
    /// Whether the chunk itself is the body of the process (no `method`), so that it may suspend.
    pub is_body: bool,
    /// For script mode.
    pub script: Option<ScriptUnit>,
}

impl WorldUnit {
    /// The names under which the unit lists imports and modules that have to be listed.
    pub fn declared(&self) -> impl Iterator<Item = &str> {
        let is_listed = |name: &&str| library::module(name).is_none_or(|module| !module.is_ambient);
        let modules = self.modules.iter().map(String::as_str).filter(is_listed);
        self.imports.iter().map(|(alias, _)| alias.as_str()).chain(modules)
    }
}

/// A file of a script.
#[derive(Clone, Debug)]
pub struct ScriptUnit {
    /// The script's path as the user gave it, or a module's path from the script's folder.
    pub path: String,
    pub is_main: bool,
}

/// All Lua of the application.
pub type World = IdVec<UnitId, WorldUnit>;

/// A function anywhere in the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionRef {
    pub unit: UnitId,
    pub function: FunctionId,
}

/// Everything `lower` needs to know.
pub struct Facts {
    pub units: IdVec<UnitId, UnitFacts>,
}

/// The facts of one unit; every vector is indexed by the ids of its HIR.
pub struct UnitFacts {
    /// What each local is known to hold for its whole life.
    pub bindings: IdVec<LocalId, Binding>,
    /// The captures that are left once known bindings need none, in order.
    pub captures: IdVec<FunctionId, Vec<LocalId>>,
    /// Whom each call expression reaches; `Unknown` for other expressions.
    pub callees: IdVec<ExprId, Callee>,
    /// Whether evaluating this expression itself (not its parts) may suspend.
    pub suspends: IdVec<ExprId, bool>,
    /// Whether the iterator of a generic `for` may suspend.
    pub loops: IdVec<LoopId, bool>,
    /// Why a function may suspend; `None` for a plain one.
    pub reasons: IdVec<FunctionId, Option<String>>,
    /// Whether an `__index` of the program may suspend, so that finding a method may.
    pub look_ups_suspend: bool,
    /// Functions of one number call each other in a circle; `None` where no circle exists.
    pub groups: IdVec<FunctionId, Option<u32>>,
    /// Whether a function makes a call whose callee is not known.
    pub has_unknown_calls: IdVec<FunctionId, bool>,
    /// The form of each function's results.
    pub shapes: IdVec<FunctionId, Shape>,
    /// Reads of a variable after which nobody reads it again.
    pub moves: BTreeSet<ExprId>,
    /// What its processes begin with, where the chunk need not run first.
    pub entrance: Option<FunctionId>,
    /// Whether a global name is bound to the library's own value in every unit.
    pub globals: globals::Globals,
    lua_methods: BTreeSet<&'static str>,
}

impl UnitFacts {
    /// Whether a method call of that name, one of `SINGLE_METHODS`, may reach a Lua function.
    pub fn is_lua_method(&self, name: &str) -> bool {
        self.lua_methods.contains(name)
    }
}

/// Runs every analysis.
pub fn analyze(world: &World) -> Facts {
    let globals = globals::find(world);
    let bindings = bindings::find(world, &globals);
    let callees = callees::find(world, &globals, &bindings);
    let flow = flow::solve(world, &callees, &globals);
    let lua_methods: BTreeSet<&'static str> =
        SINGLE_METHODS.iter().map(|method| method.name).filter(|name| flow.is_lua_method(name)).collect();
    let suspension = suspend::find(world, &callees, &flow);
    let moves = moves::find(world, &bindings);
    let groups = groups::find(world, &callees);
    let shapes = results::find(world, &callees, &groups);
    let mut units = IdVec::new();
    let parts = bindings.into_iter().zip(callees).zip(suspension).zip(groups).zip(shapes).zip(moves);
    for ((_, own), (((((bindings, callees), suspension), groups), shapes), moves)) in world.iter().zip(parts)
    {
        units.push(UnitFacts {
            entrance: entrance::find(own, &globals, &bindings.locals),
            bindings: bindings.locals,
            captures: bindings.captures,
            callees,
            suspends: suspension.expressions,
            loops: suspension.loops,
            reasons: suspension.reasons,
            look_ups_suspend: suspension.look_ups,
            groups: groups.numbers,
            has_unknown_calls: groups.has_unknown_calls,
            shapes,
            moves,
            globals: globals.clone(),
            lua_methods: lua_methods.clone(),
        });
    }
    Facts { units }
}
