//! `require` of what is not there.

use super::{Names, all_statements};
use crate::diagnostics::{Diagnostic, suggest};
use crate::hir::{ExprId, ExprKind, StmtKind, Unit};
use crate::library;
use crate::source::Span;

pub fn check(names: &Names) -> Vec<Diagnostic> {
    if names.globals.assigned().contains("require") || (names.is_script() && changes_search(names)) {
        return Vec::new();
    }
    let unit = &names.own.unit;
    unit.exprs
        .iter()
        .filter_map(|(_, expr)| {
            let ExprKind::Call { callee, args } = &expr.kind else { return None };
            let is_require = matches!(&unit.exprs[*callee].kind, ExprKind::Global(name) if name == "require");
            if !is_require {
                return None;
            }
            let argument = args.first().map(|argument| &unit.exprs[*argument])?;
            match &argument.kind {
                ExprKind::String(name) => {
                    let name = String::from_utf8_lossy(name);
                    let is_there = if names.is_script() {
                        is_sibling(names, &name) || names.is_ambient(&name)
                    } else {
                        // A global of one's own is found as well.
                        let is_global = names.globals.assigned().contains(&*name);
                        is_global || names.is_declared(&name) || names.is_ambient(&name)
                    };
                    (!is_there).then(|| missing(names, &name, argument.span))
                }
                _ if !names.is_script() => Some(computed(argument.span)),
                _ => None,
            }
        })
        .collect()
}

/// Whether the program has a say in what `require` finds: it assigns `package.path`, or does anything with
/// the tables that `require` looks into.
fn changes_search(names: &Names) -> bool {
    let is_package = |unit: &Unit, base: ExprId| matches!(&unit.exprs[base].kind, ExprKind::Global(name) if name == "package");
    names.world.iter().any(|(_, own)| {
        let unit = &own.unit;
        let mut changes = unit.exprs.iter().any(|(_, expr)| match &expr.kind {
            ExprKind::Field { base, name } => {
                is_package(unit, *base) && ["loaded", "preload", "searchers"].contains(&name.as_str())
            }
            _ => false,
        });
        all_statements(unit, &mut |statement| {
            let StmtKind::Assign { targets, .. } = &statement.kind else { return };
            changes |= targets.iter().any(|target| match &unit.exprs[*target].kind {
                ExprKind::Field { base, .. } => is_package(unit, *base),
                _ => false,
            });
        });
        changes
    })
}

/// Whether a file of the script stands for the module.
fn is_sibling(names: &Names, module: &str) -> bool {
    let path = module.replace('.', "/");
    let files = [format!("{path}.lua"), format!("{path}/init.lua")];
    let scripts = names.world.iter().filter_map(|(_, own)| own.script.as_ref());
    let mut paths = scripts.map(|script| script.path.as_str()).chain(names.broken.iter().copied());
    paths.any(|path| files.iter().any(|file| file == path))
}

fn missing(names: &Names, name: &str, span: Span) -> Diagnostic {
    if names.is_script() {
        // It may stand in a branch, or under `pcall`, just to find out.
        return Diagnostic::warning("R0101", Some(span), format!("module '{name}' not found"))
            .explain("No file of this name lies beside the script, and no library has it: unless `package.preload` gets it, `require` will raise an error.")
            .hint("Dots are directories: `require \"a.b\"` reads `a/b.lua`.");
    }
    let own = names.own;
    let declared = own.modules.iter().chain(own.imports.iter().map(|(alias, _)| alias)).map(String::as_str);
    let hint = match suggest(name, declared) {
        _ if library::module(name).is_some() => format!("List `{name}` under `modules:` of the entry."),
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Name the entry it stands for under `imports:`, as `{name}: namespace:name`."),
    };
    Diagnostic::error(
        "R0101",
        Some(span),
        format!("require(\"{name}\") is not declared in _index.yaml imports or modules"),
    )
    .explain("An entry sees the modules and imports that its manifest lists, and the libraries that everybody has.")
    .hint(hint)
}

fn computed(span: Span) -> Diagnostic {
    Diagnostic::warning("W0102", Some(span), "`require` of a computed name")
        .explain("Which module this names is known only at run time, so nobody can check now that it is there; all globals may be meant, which makes the program slower.")
        .hint("Write the name as a text, or keep the candidates in a table.")
}
