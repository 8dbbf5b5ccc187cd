//! What flows through calls and tables.

use super::Builder;
use super::places::gives_several;
use crate::analyze::flow::Node;
use crate::analyze::{Callee, FunctionRef, UnitId, WorldUnit};
use crate::hir::{ExprId, ExprKind, TableItem};
use crate::library::{self, Function, Module, Passes};

/// Methods of userdata that take or give back values of the program.
const PASSING_METHODS: [&str; 4] = ["send", "case_send", "receive", "close"];

impl Builder<'_> {
    /// Calls and tables: what flows through them, wherever they stand.
    pub(super) fn expression(&mut self, own: &WorldUnit, unit: UnitId, id: ExprId) {
        match &own.unit.exprs[id].kind {
            ExprKind::Call { callee, args } => self.call(own, unit, id, *callee, args),
            ExprKind::MethodCall { receiver, name, args } => {
                self.method_call(own, unit, id, *receiver, name, args);
            }
            ExprKind::Table(items) => {
                for item in items {
                    let (place, value) = match item {
                        TableItem::Positional(value) => (Node::Numbers, value),
                        TableItem::Named { name, value } => (Node::Field(name.clone()), value),
                        TableItem::Keyed { key, value } => (self.key_place(own, unit, *key), value),
                    };
                    let place = self.node(place);
                    let sources = self.sources(own, unit, *value);
                    self.edges(&sources, place);
                }
            }
            _ => {}
        }
    }

    fn arguments(&mut self, own: &WorldUnit, unit: UnitId, args: &[ExprId]) -> (Vec<Vec<u32>>, bool) {
        let sources = args.iter().map(|argument| self.sources(own, unit, *argument)).collect();
        let is_open = args.last().is_some_and(|last| gives_several(&own.unit.exprs[*last].kind));
        (sources, is_open)
    }

    fn call(&mut self, own: &WorldUnit, unit: UnitId, id: ExprId, callee: ExprId, args: &[ExprId]) {
        let results = self.node(Node::Call(unit, id));
        let (sources, is_open) = self.arguments(own, unit, args);
        let known =
            self.callees.get(crate::index::Id::index(unit)).map_or(Callee::Unknown, |callees| callees[id]);
        match known {
            Callee::Function(function) => {
                let function = FunctionRef { unit, function };
                if let Some(atom) = self.lua_atoms.get(&function) {
                    self.graph.call_known(*atom, &sources, is_open, results);
                }
            }
            Callee::Library(module, function) => {
                if let Some(target) = required(own, function, args) {
                    let function = self.world[target].unit.chunk;
                    let returned = self.node(Node::Returns(FunctionRef { unit: target, function }));
                    self.edge(returned, results);
                } else if function.name == "require" {
                    let any = self.node(Node::Any);
                    self.edge(any, results);
                }
                self.library_call(unit, id, module, function, &sources, results);
            }
            Callee::Unknown => {
                let target = self.sources(own, unit, callee);
                self.unknown_call(unit, id, target, &sources, is_open, results);
            }
        }
    }

    fn unknown_call(
        &mut self,
        unit: UnitId,
        id: ExprId,
        mut targets: Vec<u32>,
        args: &[Vec<u32>],
        is_open: bool,
        results: u32,
    ) {
        // Callable tables as well.
        targets.push(self.node(Node::Field("__call".to_owned())));
        // One node for whatever the callee may be.
        let callee = self.node(Node::Callee(unit, id));
        self.edges(&targets, callee);
        self.calls.insert((unit, id), callee);
        for target in targets {
            self.graph.call(target, args, is_open, results);
        }
    }

    fn method_call(
        &mut self,
        own: &WorldUnit,
        unit: UnitId,
        id: ExprId,
        receiver: ExprId,
        name: &str,
        args: &[ExprId],
    ) {
        let results = self.node(Node::Call(unit, id));
        let (mut sources, is_open) = self.arguments(own, unit, args);
        sources.insert(0, self.sources(own, unit, receiver));
        let known =
            self.callees.get(crate::index::Id::index(unit)).map_or(Callee::Unknown, |callees| callees[id]);
        if let Callee::Library(module, function) = known {
            return self.library_call(unit, id, module, function, &sources, results);
        }
        if PASSING_METHODS.contains(&name) {
            let library = self.node(Node::Library);
            for source in sources.concat() {
                self.edge(source, library);
            }
            self.edge(library, results);
        }
        let target = vec![self.node(Node::Field(name.to_owned())), self.node(Node::Computed)];
        self.unknown_call(unit, id, target, &sources, is_open, results);
    }

    fn library_call(
        &mut self,
        unit: UnitId,
        id: ExprId,
        module: &'static Module,
        function: &'static Function,
        args: &[Vec<u32>],
        results: u32,
    ) {
        let stored = match (module.name, function.name) {
            ("_G", "rawset") => Node::Computed,
            _ => Node::Library,
        };
        let stored = self.node(stored);
        for source in args.concat() {
            self.edge(source, stored);
        }
        let passed = match library::passes(module, function) {
            Passes::Nothing => Vec::new(),
            Passes::Arguments => args.concat(),
            Passes::Given => vec![self.node(Node::Library)],
            Passes::Stored => vec![self.node(Node::Any)],
            Passes::Wrapped => self.library(&library::WRAPPED).into_iter().collect(),
        };
        self.edges(&passed, results);
        self.callbacks.insert((unit, id), args.concat());
    }
}

/// The unit that `require("alias")` names.
fn required(own: &WorldUnit, function: &Function, args: &[ExprId]) -> Option<UnitId> {
    let name = args.first().filter(|_| function.name == "require")?;
    let ExprKind::String(name) = &own.unit.exprs[*name].kind else { return None };
    own.imports.iter().find(|(alias, _)| alias.as_bytes() == name).map(|(_, target)| *target)
}
