//! The constraints: an edge for every way a function value can take, then the least solution.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::components::components;
use super::numbers::Numbers;
use super::{Atom, BitSet, Flow, Node};
use crate::analyze::globals::Globals;
use crate::analyze::{Callee, FunctionRef, UnitId, World, WorldUnit};
use crate::hir::{ExprId, ExprKind, FunctionId, LocalId, Stmt, StmtKind, TableItem, visit};
use crate::index::IdVec;
use crate::library::{self, Function, Module, Passes, Suspends};

/// Methods of userdata that take or give back values of the program.
const PASSING_METHODS: [&str; 4] = ["send", "case_send", "receive", "close"];

/// The metamethods that operators call.
const METAMETHODS: [&str; 24] = [
    "__add",
    "__sub",
    "__mul",
    "__div",
    "__mod",
    "__pow",
    "__unm",
    "__idiv",
    "__band",
    "__bor",
    "__bxor",
    "__shl",
    "__shr",
    "__bnot",
    "__concat",
    "__len",
    "__eq",
    "__lt",
    "__le",
    "__index",
    "__newindex",
    "__call",
    "__close",
    "__pairs",
];

pub struct Builder<'a> {
    world: &'a World,
    callees: &'a [IdVec<ExprId, Callee>],
    globals: &'a Globals,
    numbers: Vec<Numbers>,
    atoms: Vec<Atom>,
    lua_atoms: HashMap<FunctionRef, usize>,
    library_atoms: HashMap<*const Function, usize>,
    sets: Vec<BitSet>,
    edges: Vec<Vec<u32>>,
    known_edges: HashSet<(u32, u32)>,
    ids: HashMap<Node, u32>,
    sites: Vec<Site>,
    calls: BTreeMap<(UnitId, ExprId), u32>,
    callbacks: BTreeMap<(UnitId, ExprId), Vec<u32>>,
    loops: BTreeMap<(UnitId, crate::hir::LoopId), u32>,
    changed: Vec<u32>,
}

/// A call whose callee is only known by what flows into it.
struct Site {
    callee: u32,
    args: Vec<Vec<u32>>,
    /// The last argument may give several values.
    is_open: bool,
    results: u32,
    done: BitSet,
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
            atoms: Vec::new(),
            lua_atoms: HashMap::new(),
            library_atoms: HashMap::new(),
            sets: Vec::new(),
            edges: Vec::new(),
            known_edges: HashSet::new(),
            ids: HashMap::new(),
            sites: Vec::new(),
            calls: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            loops: BTreeMap::new(),
            changed: Vec::new(),
        };
        for (unit, own) in world.iter() {
            for function in own.unit.functions.ids() {
                let function = FunctionRef { unit, function };
                builder.lua_atoms.insert(function, builder.atoms.len());
                builder.atoms.push(Atom::Lua(function));
            }
        }
        builder
    }

    fn node(&mut self, node: Node) -> u32 {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        let id = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(BitSet::default());
        self.edges.push(Vec::new());
        self.ids.insert(node.clone(), id);
        match node {
            Node::Atom(atom) => {
                if let Some(set) = self.sets.get_mut(id as usize) {
                    set.insert(atom);
                }
                self.changed.push(id);
            }
            // What stands in any field may be read under a computed key.
            Node::Field(_) | Node::Numbers | Node::Computed | Node::Library | Node::Global(_) => {
                let any = self.node(Node::Any);
                self.edge(id, any);
            }
            _ => {}
        }
        id
    }

    fn edge(&mut self, from: u32, to: u32) {
        if from == to || !self.known_edges.insert((from, to)) {
            return;
        }
        if let Some(edges) = self.edges.get_mut(from as usize) {
            edges.push(to);
        }
        self.changed.push(from);
    }

    fn edges(&mut self, from: &[u32], to: u32) {
        for source in from {
            self.edge(*source, to);
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
        let next = self.atoms.len();
        let atom = *self.library_atoms.entry(std::ptr::from_ref(function)).or_insert(next);
        if atom == next {
            self.atoms.push(Atom::Library(function));
        }
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
        }
        self.metamethods_by_computed_names();
        let (library, numbers) = (self.node(Node::Library), self.node(Node::Numbers));
        self.edge(library, numbers);
        // `channel.select` answers with a table whose `value` came through a channel.
        let value = self.node(Node::Field("value".to_owned()));
        self.edge(library, value);
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
                for event in METAMETHODS.iter().filter(|event| event.as_bytes().starts_with(stem)) {
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
        let mut args = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let sources = self.sources(own, function.unit, *value);
            if at == 0 {
                self.edges(&sources, callee);
            }
            // State and control come from anywhere in the list when a call gives several.
            args.push(sources);
        }
        let results = self.node(Node::LoopResults(function.unit, id));
        // `pairs` and its like walk through tables.
        let any = self.node(Node::Any);
        self.edge(any, results);
        for variable in variables {
            let target = self.node(Node::Local(function.unit, *variable));
            self.edge(results, target);
        }
        self.loops.insert((function.unit, id), callee);
        self.sites.push(Site { callee, args, is_open: true, results, done: BitSet::default() });
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
                self.connect(function, &sources, is_open, results);
            }
            Callee::Library(module, function) => {
                if let Some(target) = required(own, function, args) {
                    let function = self.world[target].unit.chunk;
                    let returned = self.node(Node::Returns(FunctionRef { unit: target, function }));
                    self.edge(returned, results);
                }
                self.library_call(unit, id, module, function, &sources, results);
            }
            Callee::Unknown => {
                let target = self.sources(own, unit, callee);
                self.unknown_call(unit, id, &target, sources, is_open, results);
            }
        }
    }

    fn unknown_call(
        &mut self,
        unit: UnitId,
        id: ExprId,
        target: &[u32],
        args: Vec<Vec<u32>>,
        is_open: bool,
        results: u32,
    ) {
        // One node for whatever the callee may be, callable tables included.
        let callee = self.node(Node::Callee(unit, id));
        self.edges(target, callee);
        let callable = self.node(Node::Field("__call".to_owned()));
        self.edge(callable, callee);
        self.calls.insert((unit, id), callee);
        self.sites.push(Site { callee, args, is_open, results, done: BitSet::default() });
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
        let target = [self.node(Node::Field(name.to_owned())), self.node(Node::Computed)];
        self.unknown_call(unit, id, &target, sources, is_open, results);
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

    /// A call of `function` with `args`.
    fn connect(&mut self, function: FunctionRef, args: &[Vec<u32>], is_open: bool, results: u32) {
        let world = self.world;
        let body = &world[function.unit].unit.functions[function.function];
        for (at, parameter) in body.params.iter().enumerate() {
            let target = self.node(Node::Local(function.unit, *parameter));
            let sources = if is_open && at >= args.len() { args.last() } else { args.get(at) };
            for source in sources.into_iter().flatten() {
                self.edge(*source, target);
            }
        }
        if body.is_vararg {
            let target = self.node(Node::Varargs(function));
            let from = body.params.len().min(args.len().saturating_sub(1));
            for source in args.iter().skip(if is_open { from } else { body.params.len() }).flatten() {
                self.edge(*source, target);
            }
        }
        let returned = self.node(Node::Returns(function));
        self.edge(returned, results);
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

    /// Propagates until nothing changes, connecting calls as their callees become known.
    pub fn solve(mut self) -> Flow {
        loop {
            self.propagate();
            if !self.connect_sites() && !self.run_callbacks() && self.changed.is_empty() {
                break;
            }
        }
        Flow {
            atoms: self.atoms,
            sets: self.sets,
            calls: self.calls,
            callbacks: self.callbacks,
            loops: self.loops,
            ids: self.ids,
        }
    }

    /// Lets the functions flow along all edges. Places that reach each other hold the same; taken from
    /// the sources on, every edge is used once.
    fn propagate(&mut self) {
        if std::mem::take(&mut self.changed).is_empty() {
            return;
        }
        for component in components(&self.edges).into_iter().rev() {
            let mut together = BitSet::default();
            for node in &component {
                if let Some(set) = self.sets.get(*node as usize) {
                    together.merge(set);
                }
            }
            for node in &component {
                if let Some(set) = self.sets.get_mut(*node as usize) {
                    set.merge(&together);
                }
                for target in self.edges.get(*node as usize).into_iter().flatten() {
                    if let Some(set) = self.sets.get_mut(*target as usize) {
                        set.merge(&together);
                    }
                }
            }
        }
    }

    fn connect_sites(&mut self) -> bool {
        let mut sites = std::mem::take(&mut self.sites);
        let mut is_news = false;
        for site in &mut sites {
            let reached = self.sets.get(site.callee as usize).cloned().unwrap_or_default();
            let fresh: Vec<usize> = reached.iter().filter(|atom| !site.done.contains(*atom)).collect();
            for atom in fresh {
                is_news = true;
                site.done.insert(atom);
                match self.atoms.get(atom) {
                    Some(Atom::Lua(function)) => {
                        let function = *function;
                        self.connect(function, &site.args, site.is_open, site.results);
                    }
                    Some(Atom::Library(_)) => {
                        let (library, any) = (self.node(Node::Library), self.node(Node::Any));
                        for source in site.args.concat() {
                            self.edge(source, library);
                        }
                        self.edge(any, site.results);
                    }
                    None => {}
                }
            }
        }
        self.sites = sites;
        is_news
    }

    /// Functions in the hands of a library, or stored as metamethods, are called with anything.
    fn run_callbacks(&mut self) -> bool {
        let (any, library) = (self.node(Node::Any), self.node(Node::Library));
        let computed = self.node(Node::Computed);
        let metamethods: Vec<u32> = self
            .ids
            .iter()
            .filter(|(node, _)| matches!(node, Node::Field(name) if name.starts_with("__")))
            .map(|(_, id)| *id)
            .collect();
        let before = self.known_edges.len();
        for (node, results) in
            std::iter::once((library, library)).chain(metamethods.into_iter().map(|node| (node, computed)))
        {
            let called = self.sets.get(node as usize).cloned().unwrap_or_default();
            for atom in called.iter() {
                if let Some(Atom::Lua(function)) = self.atoms.get(atom).copied() {
                    self.connect(function, &[vec![any]], true, results);
                }
            }
        }
        self.known_edges.len() > before
    }
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
