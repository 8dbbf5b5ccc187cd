//! Whether a unit's chunk does nothing but say which functions there are. Then nobody could tell whether
//! it ran, and a process may begin with the function its entry names.

use std::collections::BTreeMap;

use super::globals::Globals;
use super::{Binding, WorldUnit, known};
use crate::hir::{Expr, ExprId, ExprKind, FunctionId, LocalId, LocalKind, StmtKind, TableItem, Unit};
use crate::index::IdVec;

/// What a value is, seen from the chunk.
#[derive(Clone, Debug, Default)]
enum Made {
    Function(FunctionId),
    /// A fresh table; the functions among its fields.
    Table(BTreeMap<String, FunctionId>),
    #[default]
    Other,
}

/// The function that a process of this unit begins with, if making what the chunk returns is all that the
/// chunk does: it calls nothing, loads nothing and cannot fail.
pub fn find(own: &WorldUnit, globals: &Globals, bindings: &IdVec<LocalId, Binding>) -> Option<FunctionId> {
    let method = own.method.as_deref()?;
    if own.script.is_some() || !own.imports.is_empty() || globals.is_shared() {
        return None;
    }
    let chunk = Chunk { own, globals, bindings, made: BTreeMap::new() };
    match chunk.returned()? {
        Made::Function(function) => Some(function),
        Made::Table(mut methods) => methods.remove(method),
        Made::Other => None,
    }
}

/// The chunk while it is looked through.
struct Chunk<'a> {
    own: &'a WorldUnit,
    globals: &'a Globals,
    bindings: &'a IdVec<LocalId, Binding>,
    made: BTreeMap<LocalId, Made>,
}

impl Chunk<'_> {
    fn unit(&self) -> &Unit {
        &self.own.unit
    }

    /// What it returns; nothing if it may do more than that.
    fn returned(mut self) -> Option<Made> {
        let own = self.own;
        let (last, statements) = own.unit.functions[own.unit.chunk].body.split_last()?;
        for statement in statements {
            self.statement(&statement.kind)?;
        }
        let StmtKind::Return(values) = &last.kind else { return None };
        let made: Option<Vec<Made>> = values.iter().map(|value| self.value(*value)).collect();
        let first = values.first()?;
        match self.expression(*first).kind {
            // The only place where a table goes on under another name: it ends here.
            ExprKind::Local(local) => self.made.remove(&local),
            _ => made?.into_iter().next(),
        }
    }

    fn statement(&mut self, statement: &StmtKind) -> Option<()> {
        match statement {
            StmtKind::LocalFunction { local, function } => {
                self.made.insert(*local, Made::Function(*function));
            }
            StmtKind::Local { locals, values } => {
                if locals.iter().any(|local| self.unit().locals[*local].kind == LocalKind::ToBeClosed) {
                    return None;
                }
                let values: Option<Vec<Made>> = values.iter().map(|value| self.value(*value)).collect();
                let mut values = values?.into_iter();
                for local in locals {
                    self.made.insert(*local, values.next().unwrap_or_default());
                }
            }
            StmtKind::Assign { targets, values } => {
                let ([target], [value]) = (targets.as_slice(), values.as_slice()) else { return None };
                let ExprKind::Field { base, name } = &self.own.unit.exprs[*target].kind else { return None };
                let ExprKind::Local(table) = self.expression(*base).kind else { return None };
                let value = self.value(*value)?;
                let Made::Table(methods) = self.made.get_mut(&table)? else { return None };
                set(methods, name, value);
            }
            _ => return None,
        }
        Some(())
    }

    fn expression(&self, id: ExprId) -> &Expr {
        &self.unit().exprs[id]
    }

    /// What an expression makes; nothing if evaluating it may do more.
    fn value(&self, id: ExprId) -> Option<Made> {
        match &self.expression(id).kind {
            ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::String(_) => Some(Made::Other),
            ExprKind::Function(function) => Some(Made::Function(*function)),
            ExprKind::Local(local) => Some(match self.made.get(local) {
                Some(Made::Function(function)) if !self.unit().locals[*local].is_reassigned => {
                    Made::Function(*function)
                }
                _ => Made::Other,
            }),
            ExprKind::Single(inner) => self.value(*inner),
            ExprKind::Table(items) => self.table(items),
            _ => match known(self.own, self.globals, self.bindings, id) {
                Binding::Module(_) | Binding::Library(..) => Some(Made::Other),
                _ => None,
            },
        }
    }

    fn table(&self, items: &[TableItem]) -> Option<Made> {
        let mut methods = BTreeMap::new();
        for item in items {
            match item {
                TableItem::Positional(value) => drop(self.value(*value)?),
                TableItem::Named { name, value } => set(&mut methods, name, self.value(*value)?),
                TableItem::Keyed { .. } => return None,
            }
        }
        Some(Made::Table(methods))
    }
}

/// Notes what a field holds now.
fn set(methods: &mut BTreeMap<String, FunctionId>, name: &str, value: Made) {
    match value {
        Made::Function(function) => drop(methods.insert(name.to_owned(), function)),
        Made::Table(_) | Made::Other => drop(methods.remove(name)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::analyze::{bindings, globals, sample};

    /// The name of the function that a process with the method `main` begins with.
    fn entrance(text: &str) -> Option<String> {
        let modules = BTreeSet::from(["time".to_owned()]);
        let own = WorldUnit { modules, method: Some("main".to_owned()), ..sample::unit(text) };
        let world = sample::world([own]);
        let globals = globals::find(&world);
        let bindings = bindings::find(&world, &globals);
        let (_, own) = world.iter().next().unwrap();
        let function = find(own, &globals, &bindings[0].locals)?;
        Some(own.unit.functions[function].name.clone().unwrap_or_default())
    }

    #[test]
    fn a_chunk_that_only_makes_functions_need_not_run() {
        for (text, name) in [
            ("local function main() end return { main = main }", "main"),
            ("local function main() end return main", "main"),
            (
                "local time = require('time') local size = 3 local function go() end return { main = go }",
                "go",
            ),
            ("return { main = function() end }", ""),
            ("local M = {} function M.main() end function M.other() end return M", "M.main"),
            ("local M = { main = 1 } function M.main() end return M, 'more'", "M.main"),
            ("local upper = string.upper local function main() end return { upper, main = main }", "main"),
        ] {
            assert_eq!(entrance(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn a_chunk_that_may_do_more_runs() {
        for text in [
            "print('begun') local function main() end return { main = main }",
            "local begun = os.time() local function main() end return { main = main }",
            "local function main() end local function other() end main = other return { main = main }",
            "local M = {} function M.main() end M.main = nil return M",
            "local M = { main = function() end, main = 1 } return M",
            "local M = {} local N = M function N.main() end return M",
            "local M = setmetatable({}, {}) function M.main() end return M",
            "local function main() end if x then return {} end return { main = main }",
            "local function main() end return { [x] = 1, main = main }",
            "local function main() end return { other = main }",
            "local function main() end local size = #x return { main = main }",
            "local function main() end start = 1 return { main = main }",
            "local function main() end",
            "",
        ] {
            assert_eq!(entrance(text), None, "{text}");
        }
    }
}
