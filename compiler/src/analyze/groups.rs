//! The call graph of each unit: which functions call each other in a circle, and which call what
//! nobody knows. Calls between units always go through values, so they count as unknown.

use super::{Callee, World};
use crate::hir::{ExprId, ExprKind, FunctionId, StmtKind, TableItem, Unit, visit};
use crate::index::{Id, IdVec};
use crate::library;

/// The call graph facts of one unit.
pub struct UnitGroups {
    pub numbers: IdVec<FunctionId, Option<u32>>,
    pub has_unknown_calls: IdVec<FunctionId, bool>,
}

pub fn find(world: &World, callees: &[IdVec<ExprId, Callee>]) -> Vec<UnitGroups> {
    let has_metamethods = world.iter().any(|(_, own)| stores_metamethods(&own.unit));
    world
        .iter()
        .zip(callees)
        .map(|((_, own), callees)| of_unit(&own.unit, callees, has_metamethods))
        .collect()
}

/// Whether anything but a plain table can stand under a metamethod's name.
fn stores_metamethods(unit: &Unit) -> bool {
    unit.exprs.iter().any(|(_, expression)| match &expression.kind {
        ExprKind::Field { name, .. } => name.starts_with("__"),
        ExprKind::String(name) => name.starts_with(b"__"),
        ExprKind::Table(items) => items.iter().any(|item| match item {
            TableItem::Named { name, value } => {
                name.starts_with("__")
                    && !matches!(unit.exprs[*value].kind, ExprKind::Table(_) | ExprKind::String(_))
            }
            _ => false,
        }),
        _ => false,
    })
}

fn of_unit(unit: &Unit, callees: &IdVec<ExprId, Callee>, has_metamethods: bool) -> UnitGroups {
    let mut edges: IdVec<FunctionId, Vec<FunctionId>> = IdVec::filled(Vec::new(), unit.functions.len());
    let mut has_unknown_calls = IdVec::filled(false, unit.functions.len());
    for (id, function) in unit.functions.iter() {
        visit::statements(&function.body, &mut |statement| {
            has_unknown_calls[id] |= matches!(statement.kind, StmtKind::GenericFor { .. });
        });
        visit::expressions(unit, &function.body, &mut |expression| match &unit.exprs[expression].kind {
            ExprKind::Call { .. } => match callees[expression] {
                Callee::Function(callee) => edges[id].push(callee),
                Callee::Library(module, function) => {
                    has_unknown_calls[id] |= library::may_call_back(module, function);
                }
                Callee::Unknown => has_unknown_calls[id] = true,
            },
            ExprKind::MethodCall { .. } => match callees[expression] {
                Callee::Library(module, function) => {
                    has_unknown_calls[id] |= library::may_call_back(module, function);
                }
                _ => has_unknown_calls[id] = true,
            },
            // Any operation may run a metamethod, if the application has one.
            ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Concat(_) => has_unknown_calls[id] |= has_metamethods,
            _ => {}
        });
    }
    UnitGroups { numbers: circles(&edges), has_unknown_calls }
}

/// Strongly connected components with an edge inside (Tarjan's algorithm, without recursion).
fn circles(edges: &IdVec<FunctionId, Vec<FunctionId>>) -> IdVec<FunctionId, Option<u32>> {
    let mut search = Search {
        order: IdVec::filled(None, edges.len()),
        low: IdVec::filled(0, edges.len()),
        is_open: IdVec::filled(false, edges.len()),
        open: Vec::new(),
        next: 0,
        groups: IdVec::filled(None, edges.len()),
        count: 0,
    };
    for start in edges.ids() {
        if search.order[start].is_none() {
            search.visit(start, edges);
        }
    }
    search.groups
}

struct Search {
    order: IdVec<FunctionId, Option<u32>>,
    low: IdVec<FunctionId, u32>,
    is_open: IdVec<FunctionId, bool>,
    open: Vec<FunctionId>,
    next: u32,
    groups: IdVec<FunctionId, Option<u32>>,
    count: u32,
}

impl Search {
    fn enter(&mut self, node: FunctionId) {
        self.order[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.open.push(node);
        self.is_open[node] = true;
    }

    fn visit(&mut self, start: FunctionId, edges: &IdVec<FunctionId, Vec<FunctionId>>) {
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, at)) = path.pop() {
            if let Some(target) = edges[node].get(at).copied() {
                path.push((node, at + 1));
                match self.order[target] {
                    None => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some(order) if self.is_open[target] => self.low[node] = self.low[node].min(order),
                    Some(_) => {}
                }
                continue;
            }
            if let Some((parent, _)) = path.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if Some(self.low[node]) == self.order[node] {
                self.close(node, edges);
            }
        }
    }

    /// `root` and everything opened after it are one component.
    fn close(&mut self, root: FunctionId, edges: &IdVec<FunctionId, Vec<FunctionId>>) {
        let at = self.open.iter().rposition(|open| *open == root).unwrap_or(0);
        let members = self.open.split_off(at);
        let is_circle = members.len() > 1 || edges[root].iter().any(|target| target.index() == root.index());
        for member in members {
            self.is_open[member] = false;
            if is_circle {
                self.groups[member] = Some(self.count);
            }
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_straight_calls_are_none() {
        let id = FunctionId::from_index;
        let mut edges = IdVec::new();
        // 0 -> 1 -> 2 -> 1, 3 -> 3, 4 -> 0
        for targets in [vec![id(1)], vec![id(2)], vec![id(1)], vec![id(3)], vec![id(0)]] {
            edges.push(targets);
        }
        let groups = circles(&edges);
        let found: Vec<_> = groups.iter().map(|(_, group)| group.is_some()).collect();
        assert_eq!(found, [false, true, true, true, false]);
        assert_eq!(groups[id(1)], groups[id(2)]);
        assert_ne!(groups[id(1)], groups[id(3)]);
    }
}
