//! What holds for a whole file: the items of its functions and how each local lives.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Lines;
use super::names::{self, Items};
use super::positions::Later;
use super::{function, ir};
use crate::analyze::{Binding, Facts, UnitFacts, UnitId, World, WorldUnit};
use crate::hir::{ExprKind, FunctionId, LocalId, TableItem, Unit};
use crate::index::IdVec;
use crate::source::{SourceFile, Sources, Span};

/// How a local lives in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere: its value is known wherever it is read.
    Known,
    /// A variable; closures capture its value.
    Variable,
    /// A parameter that its caller holds: a reference.
    Borrowed,
    /// A cell that closures share, because somebody writes it.
    Cell,
}

/// The Rust names of a function.
#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    pub definition: String,
}

/// One unit while it is being lowered.
pub struct UnitContext<'a> {
    pub world: &'a World,
    pub own: &'a WorldUnit,
    pub unit: &'a Unit,
    pub facts: &'a UnitFacts,
    pub source: &'a SourceFile,
    pub sources: &'a Sources,
    pub modules: &'a IdVec<UnitId, String>,
    pub items: IdVec<FunctionId, Item>,
    pub storage: IdVec<LocalId, Storage>,
    /// For tracebacks.
    pub lines: Lines,
    /// What `positions` says of expressions.
    pub later: Later,
    /// Names of static definitions, which a variable must not have.
    definitions: BTreeSet<String>,
    /// Names of variables, which hide items of the same name.
    variables: BTreeSet<String>,
}

pub fn lower(
    world: &World,
    facts: &Facts,
    sources: &Sources,
    modules: &IdVec<UnitId, String>,
    id: UnitId,
) -> ir::Module {
    let own = &world[id];
    let unit = &own.unit;
    let source = sources.file(unit.file);
    let named = names_from_tables(unit);
    let items = items(unit, sources, &named);
    let definitions = items.iter().map(|(_, item)| item.definition.clone()).collect();
    let mut context = UnitContext {
        world,
        own,
        unit,
        facts: &facts.units[id],
        source,
        sources,
        modules,
        items,
        storage: IdVec::new(),
        lines: lines(unit, sources, &named),
        later: Later::of(unit),
        definitions,
        variables: BTreeSet::new(),
    };
    context.storage = context.find_storage();
    let variables = unit.locals.iter().filter(|(local, _)| context.storage[*local] != Storage::Known);
    context.variables = variables.map(|(_, local)| context.variable(&local.name)).collect();
    let functions = unit.functions.ids().map(|function| function::lower(&context, function)).collect();
    let entrance = context.entrance().map(|function| context.items[function].definition.clone());
    ir::Module {
        entry: unit.entry.clone(),
        name: modules[id].clone(),
        path: source.path.clone(),
        script: own.script.as_ref().map(|script| script.path.clone()),
        lines: context.lines.functions,
        entrance,
        functions,
    }
}

/// A Rust item for every function.
fn items(unit: &Unit, sources: &Sources, named: &BTreeMap<FunctionId, String>) -> IdVec<FunctionId, Item> {
    // Functions and their statics are of one namespace: `f` with its `F` may meet a function `F`.
    let mut taken = Items::default();
    let mut items = IdVec::new();
    for (id, function) in unit.functions.iter() {
        if id == unit.chunk {
            let definition = taken.claim("CHUNK");
            taken.claim(function::MAIN_CHUNK);
            taken.claim("KEYS");
            items.push(Item { name: taken.claim("chunk"), definition });
            continue;
        }
        let name = function.name.as_deref().or_else(|| named.get(&id).map(String::as_str));
        let name = taken.claim(&names::function_item(name, sources.line(function.span)));
        let definition = taken.claim(&names::definition(&name));
        items.push(Item { name, definition });
    }
    items
}

/// `{ run = function() end }`: the function is called after its field.
fn names_from_tables(unit: &Unit) -> BTreeMap<FunctionId, String> {
    let mut named = BTreeMap::new();
    for (_, expression) in unit.exprs.iter() {
        let ExprKind::Table(items) = &expression.kind else { continue };
        for item in items {
            if let TableItem::Named { name, value } = item
                && let ExprKind::Function(function) = unit.exprs[*value].kind
            {
                named.insert(function, name.clone());
            }
        }
    }
    named
}

/// The functions as tracebacks show them.
fn lines(unit: &Unit, sources: &Sources, named: &BTreeMap<FunctionId, String>) -> Lines {
    Lines::new(unit.functions.iter().map(|(id, function)| {
        if id == unit.chunk {
            return None;
        }
        let name = function.name.as_ref().or_else(|| named.get(&id)).cloned();
        let (first, last) = (sources.line(function.span), sources.last_line(function.span));
        Some((name.unwrap_or_default(), first, last))
    }))
}

impl UnitContext<'_> {
    fn find_storage(&self) -> IdVec<LocalId, Storage> {
        let mut captured = IdVec::filled(false, self.unit.locals.len());
        for (_, captures) in self.facts.captures.iter() {
            for local in captures {
                captured[*local] = true;
            }
        }
        let mut storage = IdVec::new();
        for (id, local) in self.unit.locals.iter() {
            storage.push(match self.facts.bindings[id] {
                Binding::Literal(_) | Binding::Module(_) | Binding::Library(..) => Storage::Known,
                Binding::Function(function) if self.is_static(function) => Storage::Known,
                _ if captured[id] && local.is_reassigned => Storage::Cell,
                _ => Storage::Variable,
            });
        }
        for (id, function) in self.unit.functions.iter() {
            if id == self.unit.chunk || !function::borrows_params(self, id) {
                continue;
            }
            for param in &function.params {
                if storage[*param] == Storage::Variable && !self.unit.locals[*param].is_reassigned {
                    storage[*param] = Storage::Borrowed;
                }
            }
        }
        storage
    }

    /// Whether the function needs no closure.
    pub fn is_static(&self, function: FunctionId) -> bool {
        self.facts.captures[function].is_empty()
    }

    /// The function that processes begin with, if the chunk need not run first.
    pub fn entrance(&self) -> Option<FunctionId> {
        self.facts.entrance.filter(|function| self.is_static(*function))
    }

    /// The Rust variable of a local called `lua`.
    pub fn variable(&self, lua: &str) -> String {
        let name = names::rust_name(lua);
        if self.definitions.contains(name.trim_end_matches('_')) { name + "_" } else { name }
    }

    /// The path to a function's item, from code where variables may hide it.
    pub fn path(&self, function: FunctionId) -> String {
        let name = &self.items[function].name;
        if self.variables.contains(name) { format!("self::{name}") } else { name.clone() }
    }

    pub fn line(&self, span: Span) -> u32 {
        self.sources.line(span)
    }

    /// `relay.lua`, the file as marks name it.
    pub fn file_name(&self) -> &str {
        self.source.path.rsplit('/').next().unwrap_or_default()
    }
}
