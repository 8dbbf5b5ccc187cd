//! The modules that the text of a script's file says it requires.

use std::collections::BTreeSet;

use crate::hir::{ExprId, ExprKind, StmtKind, TableItem, Unit};

/// What a unit requires.
#[derive(Default)]
pub struct Required {
    pub names: Vec<String>,
    /// How the paths begin that belong to names it computes; an empty one where any may be meant.
    pub beginnings: BTreeSet<String>,
    /// It names `__concat`, which may make anything of `"text" .. more`.
    pub has_concat: bool,
}

pub fn required(unit: &Unit) -> Required {
    let mut required = Required { has_concat: has_concat(unit), ..Required::default() };
    // How often what may lead to any module is named, and how often it plainly does not.
    let (mut plain, mut mentions) = (0usize, 0usize);
    let (mut loaded, mut has_loader) = (0usize, false);
    let is_environment = |id: ExprId| match &unit.exprs[id].kind {
        ExprKind::Local(local) | ExprKind::Upvalue(local) => unit.locals[*local].name == "_ENV",
        _ => false,
    };
    let global = |id: ExprId| match &unit.exprs[id].kind {
        ExprKind::Global(name) => name.as_str(),
        ExprKind::Field { base, name } if is_environment(*base) => name.as_str(),
        _ => "",
    };
    // `local _ENV = _G`
    for statement in &unit.functions[unit.chunk].body {
        if let StmtKind::Local { locals, values } = &statement.kind
            && let ([local], [value]) = (locals.as_slice(), values.as_slice())
        {
            plain += usize::from(unit.locals[*local].name == "_ENV" && global(*value) == "_G");
        }
    }
    for (_, expression) in unit.exprs.iter() {
        match &expression.kind {
            ExprKind::Global(name) => mentions += usize::from(leads(name)),
            ExprKind::Field { base, name } if is_environment(*base) => mentions += usize::from(leads(name)),
            ExprKind::Field { base, name } => match (global(*base), name.as_str()) {
                // `package.loaded._G.require`
                (_, "require" | "package") => has_loader = true,
                ("package", "loaded") => loaded += 1,
                ("package", "config" | "cpath" | "preload" | "searchpath") | ("_G" | "_ENV", _) => plain += 1,
                _ => {}
            },
            ExprKind::Call { callee, args } => {
                // `require "x"`, `pcall(require, "x")`, `xpcall(require, handler, "x")`
                let name = match (global(*callee), args.as_slice()) {
                    ("require", [name, ..]) => *name,
                    ("pcall", [called, name, ..]) | ("xpcall", [called, _, name, ..])
                        if global(*called) == "require" =>
                    {
                        *name
                    }
                    ("type", [asked]) => {
                        plain += usize::from(leads(global(*asked)));
                        continue;
                    }
                    _ => continue,
                };
                if let ExprKind::String(name) = &unit.exprs[name].kind {
                    plain += 1;
                    required.names.push(String::from_utf8_lossy(name).into_owned());
                } else if let Some(path) = beginning(unit, name) {
                    plain += 1;
                    required.beginnings.insert(path);
                }
            }
            // `package and package.config`
            ExprKind::And { left, .. } => plain += usize::from(leads(global(*left))),
            _ => {}
        }
    }
    if mentions > plain + if has_loader { 0 } else { loaded } {
        required.beginnings.insert(String::new());
    }
    required
}

/// Whether a global may lead to any module.
fn leads(global: &str) -> bool {
    matches!(global, "require" | "package" | "_G" | "_ENV")
}

/// How the path of a module begins whose name is `"text" .. more`.
fn beginning(unit: &Unit, name: ExprId) -> Option<String> {
    match &unit.exprs[name].kind {
        ExprKind::Single(inner) => beginning(unit, *inner),
        ExprKind::Concat(parts) => match &unit.exprs[*parts.first()?].kind {
            ExprKind::String(text) => Some(String::from_utf8_lossy(text).replace('.', "/")),
            _ => None,
        },
        _ => None,
    }
}

fn has_concat(unit: &Unit) -> bool {
    unit.exprs.iter().any(|(_, expression)| match &expression.kind {
        ExprKind::String(text) => text == b"__concat",
        ExprKind::Field { name, .. } => name == "__concat",
        ExprKind::Table(items) => {
            items.iter().any(|item| matches!(item, TableItem::Named { name, .. } if name == "__concat"))
        }
        _ => false,
    })
}
