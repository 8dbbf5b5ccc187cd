//! From HIR and facts to Rust-shaped code: plain or async, static or captured, cloned or moved.
//!
//! `unit` prepares what holds for a whole file (`lines` for tracebacks); `function` lowers one body; `statement`, `assign`,
//! `loops`, `jump`, `expression`, `operator`, `table` and `call` each know one kind of Lua. `sites` and `positions` say what
//! and where an operation is to its errors, `order` which variables are read late. What is made of a body is then
//! changed as a whole: `nesting` cuts deep expressions, `parts` long runs of statements, of which `sections` makes
//! functions, and `memory` keeps variables out of registers.

mod assign;
mod call;
mod comments;
mod constants;
mod expression;
mod function;
mod heat;
pub mod ir;
mod jump;
mod lines;
mod loops;
mod memory;
pub mod names;
mod nesting;
mod operator;
mod order;
mod parts;
mod positions;
mod print;
mod scope;
mod sections;
mod sites;
mod statement;
mod table;
mod unit;
mod walk;

pub use print::print;

use crate::analyze::{Facts, UnitId, World};
use crate::index::IdVec;
use crate::source::Sources;

/// Lowers every unit of the application.
pub fn lower(world: &World, facts: &Facts, sources: &Sources) -> Vec<ir::Module> {
    let modules = module_names(world);
    world.ids().map(|id| unit::lower(world, facts, sources, &modules, id)).collect()
}

/// The Rust module of every unit.
fn module_names(world: &World) -> IdVec<UnitId, String> {
    let mut items = names::Items::default();
    let mut modules = IdVec::new();
    for (_, own) in world.iter() {
        let name = match &own.script {
            Some(script) => script.path.trim_end_matches(".lua").rsplit("../").next().unwrap_or_default(),
            None => &own.unit.entry,
        };
        modules.push(items.claim(&names::module_name(name)));
    }
    modules
}
