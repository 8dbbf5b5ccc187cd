//! Checks that need no type system. Each file looks for one kind of slip; what running would surely
//! not survive is an error, everything else a warning, which never stops a build.

mod arguments;
mod fields;
mod global_writes;
mod iterators;
mod keys;
mod nil_parameter;
mod requires;
mod type_values;
mod undefined;
mod unreachable;
mod unset;
mod unused;
mod visible;

use std::collections::BTreeSet;

use super::globals::{self, Globals};
use super::{UnitId, World, WorldUnit};
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, Stmt, StmtKind, Unit, visit};
use crate::library;

/// Checks every unit; the diagnostics of a unit in the order of its text. `broken` are files of a script
/// that are there but do not compile.
pub fn check(world: &World, broken: &[&str]) -> Vec<(UnitId, Vec<Diagnostic>)> {
    let globals = &globals::find(world);
    let metamethods = &nil_parameter::metamethods(world.iter().map(|(_, own)| &own.unit));
    world
        .iter()
        .map(|(id, own)| (id, check_unit(&Names { world, own, globals, metamethods, broken })))
        .collect()
}

fn check_unit(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let mut found = undefined::check(names);
    found.extend(global_writes::check(names));
    found.extend(requires::check(names));
    found.extend(type_values::check(names));
    found.extend(unset::check(unit));
    found.extend(unreachable::check(names));
    found.extend(unused::check(unit));
    found.extend(arguments::check(names));
    found.extend(keys::check(unit));
    found.extend(fields::check(names));
    found.extend(iterators::check(unit));
    found.sort_by_key(|found| found.span.map_or(0, |span| span.start));
    found
}

/// Globals that are no function and no library of the table.
const VALUES: &[&str] = &["_G", "_VERSION", "_GOPHER_LUA_VERSION", "package"];
/// The same in a script, whose own libraries are not in the table.
const SCRIPT_VALUES: &[&str] = &[
    "_G",
    "_VERSION",
    "arg",
    "bit32",
    "channel",
    "collectgarbage",
    "io",
    "os",
    "package",
    "payload",
    "print",
    "process",
    "require",
];

/// A unit and what the names in it can mean.
struct Names<'a> {
    world: &'a World,
    own: &'a WorldUnit,
    globals: &'a Globals,
    /// The metamethods that the program may define.
    metamethods: &'a BTreeSet<&'a str>,
    broken: &'a [&'a str],
}

impl<'a> Names<'a> {
    /// Whether the runtime puts a global of that name there for every unit.
    fn is_ambient(&self, name: &str) -> bool {
        let is_library = library::module(name).is_some_and(|module| module.is_ambient);
        let is_listed = is_library || library::BASE.function(name).is_some();
        if self.is_script() {
            return SCRIPT_VALUES.contains(&name) || (is_listed && library::is_in_scripts(name));
        }
        VALUES.contains(&name) || is_listed
    }

    /// Whether the global is there for every unit and no unit assigns it.
    fn has_own(&self, name: &str) -> bool {
        self.is_ambient(name) && !self.globals.may_be_defined(name)
    }

    /// Whether the program is one Lua file with its siblings, rather than built from a manifest.
    fn is_script(&self) -> bool {
        self.own.script.is_some()
    }

    /// Whether the manifest lists it for this unit.
    fn is_declared(&self, name: &str) -> bool {
        self.own.modules.contains(name) || self.own.imports.iter().any(|(alias, _)| alias == name)
    }

    /// Whether a global of that name may hold something other than nil.
    fn is_known(&self, name: &str) -> bool {
        self.is_ambient(name) || self.is_declared(name) || self.globals.may_be_defined(name)
    }

    /// Every name that could have been meant by a global at that byte.
    fn candidates(&self, at: u32) -> BTreeSet<&'a str> {
        let own = self.own;
        let mut names: BTreeSet<&str> = VALUES.iter().chain(SCRIPT_VALUES).copied().collect();
        names.extend(library::BASE.functions.iter().map(|function| function.name));
        names.extend(library::MODULES.iter().map(|module| module.name));
        names.retain(|name| self.is_ambient(name) && !undefined::is_absent(self, name));
        names.extend(own.modules.iter().map(String::as_str));
        names.extend(own.imports.iter().map(|(alias, _)| alias.as_str()));
        names.extend(self.globals.assigned().iter().map(String::as_str));
        let locals = visible::locals(&own.unit, at);
        names.extend(locals.iter().map(|local| own.unit.locals[*local].name.as_str()));
        names
    }

    /// The globals that are read, in the order of the text.
    fn reads(&self) -> Vec<(ExprId, &'a str)> {
        let unit = &self.own.unit;
        let mut targets = BTreeSet::new();
        all_statements(unit, &mut |statement| {
            if let StmtKind::Assign { targets: places, .. } = &statement.kind {
                targets.extend(places.iter().copied());
            }
        });
        let mut reads: Vec<(ExprId, &str)> = unit
            .exprs
            .iter()
            .filter(|(id, _)| !targets.contains(id))
            .filter_map(|(id, expr)| match &expr.kind {
                ExprKind::Global(name) => Some((id, name.as_str())),
                _ => None,
            })
            .collect();
        reads.sort_by_key(|(id, _)| unit.exprs[*id].span.start);
        reads
    }
}

/// Every statement of every function.
fn all_statements<'a>(unit: &'a Unit, see: &mut impl FnMut(&'a Stmt)) {
    for (_, function) in unit.functions.iter() {
        visit::statements(&function.body, see);
    }
}

/// The name and first use of each, in the order of the text, with the number of uses.
fn first_uses<'a>(uses: impl IntoIterator<Item = (ExprId, &'a str)>) -> Vec<(&'a str, ExprId, usize)> {
    let mut firsts: Vec<(&str, ExprId, usize)> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for (id, name) in uses {
        let at = *places.entry(name).or_insert_with(|| {
            firsts.push((name, id, 0));
            firsts.len() - 1
        });
        if let Some((_, _, count)) = firsts.get_mut(at) {
            *count += 1;
        }
    }
    firsts
}

/// ` It is used 3 times in this file.`
fn times(count: usize) -> String {
    if count > 1 { format!(" It is used {count} times in this file.") } else { String::new() }
}

#[cfg(test)]
mod tests;
