//! The constraints: every way a function value can take through the application.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::numbers::Numbers;
use super::{Atom, Flow, Node};
use crate::analyze::globals::Globals;
use crate::analyze::metamethods::METAMETHODS;
use crate::analyze::{Callee, FunctionRef, UnitId, World, WorldUnit};
use crate::hir::{ExprId, ExprKind, FunctionId, LocalId, Stmt, StmtKind, TableItem, visit};
use crate::index::IdVec;
use crate::library::{self, Function, Module, Passes, Suspends};

/// Methods of userdata that take or give back values of the program.
const PASSING_METHODS: [&str; 4] = ["send", "case_send", "receive", "close"];

/// Walks the application and tells the graph what flows where.
pub struct Builder<'a> {
    world: &'a World,
    callees: &'a [IdVec<ExprId, Callee>],
    globals: &'a Globals,
    numbers: Vec<Numbers>,
    graph: Graph,
    lua_atoms: HashMap<FunctionRef, usize>,
    library_atoms: HashMap<*const Function, usize>,
    calls: BTreeMap<(UnitId, ExprId), u32>,
    callbacks: BTreeMap<(UnitId, ExprId), Vec<u32>>,
    loops: BTreeMap<(UnitId, crate::hir::LoopId), u32>,
}

impl<'a> Builder<'a> {
    pub fn new(world: &'a World, callees: &'a [IdVec<ExprId, Callee>], globals: &'a Globals) -> Self {
        let mut builder = Builder {
            world,
            callees,
            globals,
            numbers: world
                .iter()
                .zip(callees)
                .map(|((_, own), callees)| Numbers::find(&own.unit, callees))
                .collect(),
            graph: Graph::new(most_parameters(world)),
            lua_atoms: HashMap::new(),
            library_atoms: HashMap::new(),
            calls: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            loops: BTreeMap::new(),
        };
        for (unit, own) in world.iter() {
            for (function, body) in own.unit.functions.iter() {
                let reference = FunctionRef { unit, function };
                let signature = builder.graph.signature(reference, &body.params, body.is_vararg);
                let atom = builder.graph.add_atom(Atom::Lua(reference), Some(signature));
                builder.lua_atoms.insert(reference, atom);
            }
        }
        builder
    }

    fn node(&mut self, node: Node) -> u32 {
        self.graph.node(node)
    }

    fn edge(&mut self, from: u32, to: u32) {
        self.graph.edge(from, to);
    }

    fn edges(&mut self, from: &[u32], to: u32) {
        for source in from {
            self.graph.edge(*source, to);
        }
    }

    fn lua(&mut self, function: FunctionRef) -> Option<u32> {
        let atom = *self.lua_atoms.get(&function)?;
        Some(self.node(Node::Atom(atom)))
    }

    fn library(&mut self, function: &'static Function) -> Option<u32> {
        if function.suspends == Suspends::Never {
            return None;
        }
        let graph = &mut self.graph;
        let atom = *self
            .library_atoms
            .entry(std::ptr::from_ref(function))
            .or_insert_with(|| graph.add_atom(Atom::Library(function), None));
        Some(self.node(Node::Atom(atom)))
    }

    pub fn build(&mut self) {
        let world = self.world;
        for (unit, own) in world.iter() {
            for (function, body) in own.unit.functions.iter() {
                let function = FunctionRef { unit, function };
                visit::statements(&body.body, &mut |statement| self.statement(own, function, statement));
            }
            for (id, _) in own.unit.exprs.iter() {
                self.expression(own, unit, id);
            }
            if self.globals.is_shared() {
                self.shared_imports(own);
            }
        }
        self.metamethods_by_computed_names();
        let (library, numbers) = (self.node(Node::Library), self.node(Node::Numbers));
        self.edge(library, numbers);
        // `channel.select` answers with a table whose `value` came through a channel.
        let value = self.node(Node::Field("value".to_owned()));
        self.edge(library, value);
        self.graph.call_back();
    }

    /// What imports return stands in globals of their aliases.
    fn shared_imports(&mut self, own: &WorldUnit) {
        for (alias, target) in &own.imports {
            let function = self.world[*target].unit.chunk;
            let returned = self.node(Node::Returns(FunctionRef { unit: *target, function }));
            let global = self.node(Node::Global(alias.clone()));
            self.edge(returned, global);
        }
    }

    /// A metamethod stored under a computed key: its name, or the beginning of it, is a text somewhere.
    fn metamethods_by_computed_names(&mut self) {
        let computed = self.node(Node::Computed);
        let world = self.world;
        for (_, own) in world.iter() {
            for (_, expression) in own.unit.exprs.iter() {
                let ExprKind::String(text) = &expression.kind else { continue };
                // `"__" .. name` and `("__%s"):format(name)`.
                let stem = text.split(|byte| *byte == b'%').next().unwrap_or_default();
                if !stem.starts_with(b"__") {
                    continue;
                }
                for (event, _) in METAMETHODS.iter().filter(|(event, _)| event.as_bytes().starts_with(stem)) {
                    let field = self.node(Node::Field((*event).to_owned()));
                    self.edge(computed, field);
                }
            }
        }
    }

    fn statement(&mut self, own: &WorldUnit, function: FunctionRef, statement: &Stmt) {
        let unit = function.unit;
        match &statement.kind {
            StmtKind::Local { locals, values } => self.assign_locals(own, function, locals, values),
            StmtKind::LocalFunction { local, function: body } => {
                let target = self.node(Node::Local(unit, *local));
                if let Some(atom) = self.lua(FunctionRef { unit, function: *body }) {
                    self.edge(atom, target);
                }
            }
            StmtKind::Assign { targets, values } => {
                for (at, target) in targets.iter().enumerate() {
                    let sources = self.value_at(own, function, values, at);
                    for place in self.places(own, unit, *target) {
                        self.edges(&sources, place);
                    }
                }
            }
            StmtKind::GenericFor { id, variables, values, .. } => {
                self.generic_for(own, function, *id, variables, values);
            }
            StmtKind::Return(values) => {
                let target = self.node(Node::Returns(function));
                for value in values {
                    let sources = self.sources(own, function.unit, *value);
                    self.edges(&sources, target);
                }
            }
            _ => {}
        }
    }

    fn assign_locals(
        &mut self,
        own: &WorldUnit,
        function: FunctionRef,
        locals: &[LocalId],
        values: &[ExprId],
    ) {
        for (at, local) in locals.iter().enumerate() {
            let sources = self.value_at(own, function, values, at);
            let target = self.node(Node::Local(function.unit, *local));
            self.edges(&sources, target);
        }
    }

    /// What lands in target `at` of a list of values, of which the last may give several.
    fn value_at(&mut self, own: &WorldUnit, function: FunctionRef, values: &[ExprId], at: usize) -> Vec<u32> {
        match values.get(at).or(values.last()) {
            Some(value) => self.sources(own, function.unit, *value),
            None => Vec::new(),
        }
    }

    fn generic_for(
        &mut self,
        own: &WorldUnit,
        function: FunctionRef,
        id: crate::hir::LoopId,
        variables: &[LocalId],
        values: &[ExprId],
    ) {
        let callee = self.node(Node::Loop(function.unit, id));
        // State and control come from anywhere in the list when a call gives several.
        let args: Vec<Vec<u32>> =
            values.iter().map(|value| self.sources(own, function.unit, *value)).collect();
        let iterators = args.first().cloned().unwrap_or_default();
        self.edges(&iterators, callee);
        let results = self.node(Node::LoopResults(function.unit, id));
        // `pairs` and its like walk through tables.
        let any = self.node(Node::Any);
        self.edge(any, results);
        for variable in variables {
            let target = self.node(Node::Local(function.unit, *variable));
            self.edge(results, target);
        }
        self.loops.insert((function.unit, id), callee);
        for iterator in iterators {
            self.graph.call(iterator, &args, true, results);
        }
    }

    /// Calls and tables: what flows through them, wherever they stand.
    fn expression(&mut self, own: &WorldUnit, unit: UnitId, id: ExprId) {
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

    /// The nodes an expression's value may come from.
    fn sources(&mut self, own: &WorldUnit, unit: UnitId, id: ExprId) -> Vec<u32> {
        match &own.unit.exprs[id].kind {
            ExprKind::Function(function) => {
                self.lua(FunctionRef { unit, function: *function }).into_iter().collect()
            }
            ExprKind::Local(local) | ExprKind::Upvalue(local) => vec![self.node(Node::Local(unit, *local))],
            ExprKind::Global(name) => self.global(own, name),
            ExprKind::Field { name, .. } => self.field_read(name),
            ExprKind::Index { key, .. } => match self.key_place(own, unit, *key) {
                Node::Numbers => vec![self.node(Node::Numbers), self.node(Node::Computed)],
                Node::Field(name) => self.field_read(&name),
                _ => vec![self.node(Node::Any)],
            },
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } => vec![self.node(Node::Call(unit, id))],
            ExprKind::And { left, right } | ExprKind::Or { left, right } => {
                let mut sources = self.sources(own, unit, *left);
                sources.extend(self.sources(own, unit, *right));
                sources
            }
            ExprKind::Single(inner) => self.sources(own, unit, *inner),
            ExprKind::Vararg => self.all_varargs(own, unit),
            _ => Vec::new(),
        }
    }

    fn all_varargs(&mut self, own: &WorldUnit, unit: UnitId) -> Vec<u32> {
        let functions = own.unit.functions.iter().filter(|(_, function)| function.is_vararg);
        let functions: Vec<FunctionId> = functions.map(|(id, _)| id).collect();
        functions
            .into_iter()
            .map(|function| self.node(Node::Varargs(FunctionRef { unit, function })))
            .collect()
    }

    fn field_read(&mut self, name: &str) -> Vec<u32> {
        let mut sources = vec![self.node(Node::Field(name.to_owned())), self.node(Node::Computed)];
        let is_script = self.globals.is_script();
        for module in
            library::MODULES.iter().filter(|module| !is_script || library::is_in_scripts(module.name))
        {
            if let Some(function) = module.function(name) {
                sources.extend(self.library(function));
            }
        }
        sources
    }

    fn global(&mut self, own: &WorldUnit, name: &str) -> Vec<u32> {
        let mut sources = vec![self.node(Node::Global(name.to_owned()))];
        if let Some(function) = library::BASE.function(name) {
            sources.extend(self.library(function));
        }
        if let Some((_, target)) = own.imports.iter().find(|(alias, _)| alias == name) {
            let function = self.world[*target].unit.chunk;
            sources.push(self.node(Node::Returns(FunctionRef { unit: *target, function })));
        }
        if self.globals.may_be_assigned(name) {
            sources.push(self.node(Node::Computed));
        }
        sources
    }

    /// Where a value under this key stands.
    fn key_place(&self, own: &WorldUnit, unit: UnitId, key: ExprId) -> Node {
        match &own.unit.exprs[key].kind {
            ExprKind::String(name) => Node::Field(String::from_utf8_lossy(name).into_owned()),
            _ => match self.numbers.get(crate::index::Id::index(unit)) {
                Some(numbers) if numbers.is_number(&own.unit, key) => Node::Numbers,
                _ => Node::Computed,
            },
        }
    }

    /// Where an assignment to `target` stores.
    fn places(&mut self, own: &WorldUnit, unit: UnitId, target: ExprId) -> Vec<u32> {
        let place = match &own.unit.exprs[target].kind {
            ExprKind::Local(local) | ExprKind::Upvalue(local) => Node::Local(unit, *local),
            ExprKind::Global(name) => Node::Global(name.clone()),
            ExprKind::Field { base, name } => {
                if matches!(&own.unit.exprs[*base].kind, ExprKind::Global(table) if table == "_G") {
                    Node::Global(name.clone())
                } else {
                    Node::Field(name.clone())
                }
            }
            ExprKind::Index { key, .. } => self.key_place(own, unit, *key),
            _ => return Vec::new(),
        };
        vec![self.node(place)]
    }

    /// What flows where, in the end.
    pub fn solve(mut self) -> Flow {
        self.graph.solve();
        Flow { graph: self.graph, calls: self.calls, callbacks: self.callbacks, loops: self.loops }
    }
}

fn most_parameters(world: &World) -> usize {
    let functions = world.iter().flat_map(|(_, own)| own.unit.functions.iter());
    functions.map(|(_, function)| function.params.len()).max().unwrap_or(0)
}

/// The unit that `require("alias")` names.
fn required(own: &WorldUnit, function: &Function, args: &[ExprId]) -> Option<UnitId> {
    let name = args.first().filter(|_| function.name == "require")?;
    let ExprKind::String(name) = &own.unit.exprs[*name].kind else { return None };
    own.imports.iter().find(|(alias, _)| alias.as_bytes() == name).map(|(_, target)| *target)
}

pub fn gives_several(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg)
}
