//! Which kinds of userdata an application can have, by the names that stand in it, and which of their methods block.

use std::collections::BTreeSet;

use super::World;
use crate::hir::ExprKind;
use crate::library::{self, Function};

/// The names that can produce userdata.
pub struct Userdata(BTreeSet<String>);

impl Userdata {
    pub fn of(world: &World) -> Userdata {
        Userdata(sources(world))
    }

    /// The method of that name that suspends who calls it, if there can be an object that has it.
    pub fn blocking_method(&self, name: &str) -> Option<&'static Function> {
        let (method, sources) = library::BLOCKING_METHODS.iter().find(|(method, _)| method.name == name)?;
        sources.iter().any(|source| self.0.contains(*source)).then_some(method)
    }
}

/// Field names, and modules, that stand anywhere.
fn sources(world: &World) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, own) in world.iter() {
        // A listed module may be required by a name that is computed.
        let listed = library::SOURCE_MODULES.iter().filter(|module| own.modules.contains(**module));
        names.extend(listed.map(|module| (*module).to_owned()));
        for (_, expression) in own.unit.exprs.iter() {
            match &expression.kind {
                ExprKind::Field { name, .. } | ExprKind::MethodCall { name, .. } | ExprKind::Global(name) => {
                    names.insert(name.clone());
                }
                ExprKind::String(text) => {
                    let modules = library::SOURCE_MODULES.iter().filter(|module| module.as_bytes() == text);
                    names.extend(modules.map(|module| (*module).to_owned()));
                }
                _ => {}
            }
        }
    }
    let is_script = world.iter().any(|(_, own)| own.script.is_some());
    if is_script && !names_any(world, &names, &SCRIPT_SOURCES) {
        // Its own fields may have any names.
        names.clear();
    }
    names
}

/// The libraries from which a script can have userdata that blocks.
const SCRIPT_SOURCES: [&str; 2] = ["channel", "process"];

/// Whether one of `wanted` stands in a script, as a name of a variable or a field (`names`), or in a text.
fn names_any(world: &World, names: &BTreeSet<String>, wanted: &[&str]) -> bool {
    let is_text = |kind: &ExprKind| match kind {
        ExprKind::String(text) => wanted.iter().any(|wanted| wanted.as_bytes() == text),
        _ => false,
    };
    wanted.iter().any(|wanted| names.contains(*wanted))
        || world.iter().any(|(_, own)| own.unit.exprs.iter().any(|(_, expression)| is_text(&expression.kind)))
}
