//! Fields that a library does not have: `string.fromat`.

use std::collections::{BTreeMap, BTreeSet};

use super::Names;
use crate::analyze::globals::Ambient;
use crate::diagnostics::{Diagnostic, suggest};
use crate::hir::{ExprId, ExprKind};
use crate::library::Module;

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let mut reads: BTreeMap<(&str, &str), Vec<ExprId>> = BTreeMap::new();
    let mut called = BTreeSet::new();
    for (id, expr) in unit.exprs.iter() {
        if let ExprKind::Call { callee, .. } = expr.kind {
            called.insert(callee);
        }
        if let ExprKind::Field { base, name } = &expr.kind
            && let ExprKind::Global(library) = &unit.exprs[*base].kind
        {
            reads.entry((library, name)).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    for ((library, name), places) in reads {
        let Some(Ambient::Module(module)) = names.globals.ambient(library) else { continue };
        // Who reads it without calling it may ask whether it is there.
        if !has(module, name) && places.iter().all(|place| called.contains(place)) {
            found.extend(places.first().map(|place| absent(names, *place, module, name)));
        }
    }
    found
}

fn has(module: &Module, name: &str) -> bool {
    fields(module).any(|own| own == name)
}

/// The names of all fields of a library.
fn fields(module: &Module) -> impl Iterator<Item = &'static str> {
    let functions = module.functions.iter().map(|function| function.name);
    let modules = module.modules.iter().map(|(name, _)| *name);
    functions.chain(modules).chain(module.constants.iter().copied())
}

fn absent(names: &Names, place: ExprId, module: &Module, name: &str) -> Diagnostic {
    let span = names.own.unit.exprs[place].span;
    let hint = match suggest(name, fields(module)) {
        Some(near) => format!("Did you mean `{}.{near}`?", module.name),
        None => "Check the spelling; `docs/compatibility.md` lists what the libraries have.".to_owned(),
    };
    Diagnostic::warning("E0004", Some(span), format!("library '{}' has no function '{name}'", module.name))
        .label("nil, and called")
        .explain("No file puts a function of this name into the library: the call raises an error.")
        .hint(hint)
}
