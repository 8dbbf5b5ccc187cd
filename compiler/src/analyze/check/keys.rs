//! A key that stands twice in one table constructor: only one of the values is kept.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, TableItem, Unit};

/// A key whose value is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(Vec<u8>),
    Integer(i64),
    Boolean(bool),
}

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, expr) in unit.exprs.iter() {
        if let ExprKind::Table(items) = &expr.kind {
            table(unit, items, &mut found);
        }
    }
    found
}

fn table(unit: &Unit, items: &[TableItem], found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<Key, ExprId> = BTreeMap::new();
    let mut position = 0;
    for item in items {
        let (key, place) = match item {
            TableItem::Named { name, value } => (Some(Key::Text(name.clone().into_bytes())), *value),
            TableItem::Keyed { key, .. } => (constant(&unit.exprs[*key].kind), *key),
            TableItem::Positional(value) => {
                position += 1;
                (Some(Key::Integer(position)), *value)
            }
        };
        let Some(key) = key else { continue };
        let text = shown(&key);
        if let Some(first) = seen.insert(key, place) {
            found.push(
                Diagnostic::warning(
                    "W0101",
                    Some(unit.exprs[place].span),
                    format!("key {text} is set twice"),
                )
                .explain("A table has one value for each key; of the values written here one is lost.")
                .hint("Remove one of the two, or correct its key.")
                .related(unit.exprs[first].span, "set here before"),
            );
        }
    }
}

fn constant(kind: &ExprKind) -> Option<Key> {
    match kind {
        ExprKind::String(bytes) => Some(Key::Text(bytes.clone())),
        ExprKind::Integer(value) => Some(Key::Integer(*value)),
        ExprKind::True => Some(Key::Boolean(true)),
        ExprKind::False => Some(Key::Boolean(false)),
        _ => None,
    }
}

fn shown(key: &Key) -> String {
    match key {
        Key::Text(bytes) => format!("'{}'", bytes.escape_ascii()),
        Key::Integer(value) => format!("[{value}]"),
        Key::Boolean(value) => format!("[{value}]"),
    }
}
