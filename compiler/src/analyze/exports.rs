//! What a unit's chunk returns, where that can be seen: the methods a manifest may name.

use std::collections::BTreeSet;

use crate::hir::{ExprId, ExprKind, LocalId, StmtKind, TableItem, Unit, visit};

/// What a chunk returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exports {
    /// A function, or something that only running tells.
    Unknown,
    /// No value at all, or one that is neither table nor function.
    Nothing,
    /// A table with these fields and no others.
    Table(BTreeSet<String>),
}

/// What the chunk of `unit` returns.
pub fn exports(unit: &Unit) -> Exports {
    let body = &unit.functions[unit.chunk].body;
    let mut returned = Vec::new();
    visit::statements(body, &mut |statement| {
        if let StmtKind::Return(values) = &statement.kind {
            returned.push(values.clone());
        }
    });
    match returned.as_slice() {
        [] => Exports::Nothing,
        [_] if super::falls_through(unit, body) => Exports::Unknown,
        [values] => values.first().map_or(Exports::Nothing, |value| of_value(unit, *value)),
        _ => Exports::Unknown,
    }
}

fn of_value(unit: &Unit, value: ExprId) -> Exports {
    match &unit.exprs[value].kind {
        ExprKind::Nil
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_) => Exports::Nothing,
        ExprKind::Table(items) => named(items).map_or(Exports::Unknown, Exports::Table),
        ExprKind::Local(local) => of_local(unit, *local),
        _ => Exports::Unknown,
    }
}

/// The fields of a constructor, if every key is a name.
fn named(items: &[TableItem]) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for item in items {
        match item {
            TableItem::Named { name, .. } => {
                names.insert(name.clone());
            }
            TableItem::Positional(_) => {}
            TableItem::Keyed { .. } => return None,
        }
    }
    Some(names)
}

/// `local M = {}`, filled by `M.name = ..` and `function M.name()`. Any other use of `M` but reading
/// a field of it may add fields nobody sees.
fn of_local(unit: &Unit, local: LocalId) -> Exports {
    if unit.locals[local].is_reassigned {
        return Exports::Unknown;
    }
    let mut names = None;
    let mut seen_uses = 0usize;
    for (_, function) in unit.functions.iter() {
        visit::statements(&function.body, &mut |statement| match &statement.kind {
            StmtKind::Local { locals, values } if locals.first() == Some(&local) => {
                if let Some(ExprKind::Table(items)) = values.first().map(|value| &unit.exprs[*value].kind) {
                    names = named(items);
                }
            }
            StmtKind::Return(values) if function.parent.is_none() => {
                seen_uses += values.iter().filter(|value| is(unit, **value, local)).count();
            }
            _ => {}
        });
    }
    let Some(mut names) = names else { return Exports::Unknown };
    let mut uses = 0usize;
    for (_, expression) in unit.exprs.iter() {
        match &expression.kind {
            ExprKind::Local(own) | ExprKind::Upvalue(own) if *own == local => uses += 1,
            // A field that is only read counts too: then the method is there or fails as it would.
            ExprKind::Field { base, name } if is(unit, *base, local) => {
                seen_uses += 1;
                names.insert(name.clone());
            }
            ExprKind::MethodCall { receiver, .. } if is(unit, *receiver, local) => return Exports::Unknown,
            _ => {}
        }
    }
    if uses == seen_uses { Exports::Table(names) } else { Exports::Unknown }
}

fn is(unit: &Unit, expression: ExprId, local: LocalId) -> bool {
    matches!(unit.exprs[expression].kind, ExprKind::Local(own) | ExprKind::Upvalue(own) if own == local)
}
