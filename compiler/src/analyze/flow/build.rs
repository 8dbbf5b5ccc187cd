//! The constraints: every way a function value can take through the application.

mod calls;
mod places;

pub use places::gives_several;

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::numbers::Numbers;
use super::{Atom, Flow, Node};
use crate::analyze::globals::Globals;
use crate::analyze::metamethods::METAMETHODS;
use crate::analyze::userdata::Userdata;
use crate::analyze::{Callee, FunctionRef, UnitId, World, WorldUnit};
use crate::hir::{ExprId, ExprKind, LocalId, Stmt, StmtKind, visit};
use crate::index::IdVec;
use crate::library::{Function, Suspends};

/// Walks the application and tells the graph what flows where.
pub struct Builder<'a> {
    world: &'a World,
    callees: &'a [IdVec<ExprId, Callee>],
    globals: &'a Globals,
    numbers: Vec<Numbers>,
    graph: Graph,
    userdata: Userdata,
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
            userdata: Userdata::of(world),
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

    /// What flows where, in the end.
    pub fn solve(mut self) -> Flow {
        self.graph.solve();
        let Builder { graph, calls, callbacks, loops, userdata, .. } = self;
        Flow { graph, calls, callbacks, loops, userdata }
    }
}

fn most_parameters(world: &World) -> usize {
    let functions = world.iter().flat_map(|(_, own)| own.unit.functions.iter());
    functions.map(|(_, function)| function.params.len()).max().unwrap_or(0)
}
