//! The least solution: a graph of places with an edge for every way a function can take from one to
//! another, and the calls, which are connected as their callees become known.

use std::collections::{HashMap, HashSet};

use super::components::components;
use super::{Atom, BitSet, Node};
use crate::analyze::FunctionRef;
use crate::hir::LocalId;

/// Places, what stands in them, and what flows from each to which.
pub struct Graph {
    pub(super) atoms: Vec<Atom>,
    /// By atom: where the arguments of a Lua function go.
    signatures: Vec<Option<Signature>>,
    pub(super) sets: Vec<BitSet>,
    edges: Vec<Vec<u32>>,
    known_edges: HashSet<(u32, u32)>,
    pub(super) ids: HashMap<Node, u32>,
    groups: Vec<Group>,
    /// The group of the calls of what stands in a place.
    group_of: HashMap<u32, usize>,
    most_parameters: usize,
    is_changed: bool,
}

/// The places of a Lua function's parameters and results.
pub struct Signature {
    params: Vec<u32>,
    varargs: Option<u32>,
    returns: u32,
}

/// All calls of what stands in one place: a function that gets there is connected to them once,
/// however many they are.
struct Group {
    callee: u32,
    /// What the calls pass, by position.
    args: Vec<u32>,
    results: u32,
    /// Atoms that are connected.
    done: BitSet,
    /// Library functions are somebody else's matter.
    is_lua_only: bool,
}

impl Graph {
    /// `most_parameters`: of any function of the application.
    pub fn new(most_parameters: usize) -> Graph {
        Graph {
            atoms: Vec::new(),
            signatures: Vec::new(),
            sets: Vec::new(),
            edges: Vec::new(),
            known_edges: HashSet::new(),
            ids: HashMap::new(),
            groups: Vec::new(),
            group_of: HashMap::new(),
            most_parameters,
            is_changed: false,
        }
    }

    pub fn add_atom(&mut self, atom: Atom, signature: Option<Signature>) -> usize {
        self.atoms.push(atom);
        self.signatures.push(signature);
        self.atoms.len() - 1
    }

    pub fn signature(&mut self, function: FunctionRef, params: &[LocalId], is_vararg: bool) -> Signature {
        Signature {
            params: params.iter().map(|local| self.node(Node::Local(function.unit, *local))).collect(),
            varargs: is_vararg.then(|| self.node(Node::Varargs(function))),
            returns: self.node(Node::Returns(function)),
        }
    }

    pub fn node(&mut self, node: Node) -> u32 {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        let id = self.place();
        self.ids.insert(node.clone(), id);
        match node {
            Node::Atom(atom) => {
                if let Some(set) = self.sets.get_mut(id as usize) {
                    set.insert(atom);
                }
                self.is_changed = true;
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

    /// A place without a name.
    fn place(&mut self) -> u32 {
        self.sets.push(BitSet::default());
        self.edges.push(Vec::new());
        u32::try_from(self.sets.len() - 1).unwrap_or(u32::MAX)
    }

    pub fn edge(&mut self, from: u32, to: u32) {
        if from == to || !self.known_edges.insert((from, to)) {
            return;
        }
        if let Some(edges) = self.edges.get_mut(from as usize) {
            edges.push(to);
        }
        self.is_changed = true;
    }

    /// A call of whatever stands in `callee`. `is_open`: the last argument may give several values.
    pub fn call(&mut self, callee: u32, args: &[Vec<u32>], is_open: bool, results: u32) {
        let group = match self.group_of.get(&callee) {
            Some(group) => *group,
            None => {
                let group = self.add_group(callee, false);
                self.group_of.insert(callee, group);
                group
            }
        };
        self.join(group, args, is_open, results);
    }

    /// A call of this function.
    pub fn call_known(&mut self, atom: usize, args: &[Vec<u32>], is_open: bool, results: u32) {
        let Some(Some(signature)) = self.signatures.get(atom) else { return };
        let targets: Vec<Option<u32>> = (0..self.positions(args.len(), is_open))
            .map(|at| signature.params.get(at).copied().or(signature.varargs))
            .collect();
        let returns = signature.returns;
        for (at, target) in targets.into_iter().enumerate() {
            if let Some(target) = target {
                for source in args.get(at).or(args.last()).into_iter().flatten() {
                    self.edge(*source, target);
                }
            }
        }
        self.edge(returns, results);
    }

    /// How many positions `count` arguments may fill, as far as anybody can tell them apart.
    fn positions(&self, count: usize, is_open: bool) -> usize {
        if is_open && count > 0 { count.max(self.most_parameters + 1) } else { count }
    }

    fn add_group(&mut self, callee: u32, is_lua_only: bool) -> usize {
        let results = self.place();
        self.groups.push(Group { callee, args: Vec::new(), results, done: BitSet::default(), is_lua_only });
        self.groups.len() - 1
    }

    /// Adds a call to a group.
    fn join(&mut self, group: usize, args: &[Vec<u32>], is_open: bool, results: u32) {
        for at in 0..self.positions(args.len(), is_open) {
            let Some(target) = self.group_arg(group, at) else { continue };
            for source in args.get(at).or(args.last()).into_iter().flatten() {
                self.edge(*source, target);
            }
        }
        if let Some(given) = self.groups.get(group).map(|group| group.results) {
            self.edge(given, results);
        }
    }

    fn group_arg(&mut self, group: usize, at: usize) -> Option<u32> {
        while self.groups.get(group)?.args.len() <= at {
            let place = self.place();
            self.groups.get_mut(group)?.args.push(place);
        }
        self.groups.get(group)?.args.get(at).copied()
    }

    /// Functions in the hands of a library, or stored as metamethods, are called with anything.
    pub fn call_back(&mut self) {
        let (any, library) = (self.node(Node::Any), self.node(Node::Library));
        let computed = self.node(Node::Computed);
        let named = self.ids.iter().filter_map(|(node, id)| match node {
            Node::Field(name) if name.starts_with("__") => Some(*id),
            _ => None,
        });
        let mut metamethods: Vec<u32> = named.collect();
        metamethods.sort_unstable();
        let callees = metamethods.into_iter().map(|node| (node, computed));
        for (callee, results) in std::iter::once((library, library)).chain(callees) {
            let group = self.add_group(callee, true);
            self.join(group, &[vec![any]], true, results);
        }
    }

    /// Propagates until nothing changes, connecting calls as their callees become known.
    pub fn solve(&mut self) {
        while std::mem::take(&mut self.is_changed) {
            self.propagate();
            self.connect();
        }
    }

    /// Lets the functions flow along all edges. Places that reach each other hold the same; taken from
    /// the sources on, every edge is used once.
    fn propagate(&mut self) {
        for component in components(&self.edges).into_iter().rev() {
            let mut together = BitSet::default();
            for node in &component {
                if let Some(set) = self.sets.get(*node as usize) {
                    together.merge(set);
                }
            }
            if together.is_empty() {
                continue;
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

    /// Connects what has newly got to where it is called.
    fn connect(&mut self) {
        let mut groups = std::mem::take(&mut self.groups);
        for group in &mut groups {
            let Some(reached) = self.sets.get(group.callee as usize) else { continue };
            let fresh: Vec<usize> = reached.without(&group.done).collect();
            for atom in fresh {
                group.done.insert(atom);
                self.connect_atom(group, atom);
            }
        }
        self.groups = groups;
    }

    fn connect_atom(&mut self, group: &Group, atom: usize) {
        match self.signatures.get(atom) {
            Some(Some(signature)) => {
                let targets: Vec<Option<u32>> = (0..group.args.len())
                    .map(|at| signature.params.get(at).copied().or(signature.varargs))
                    .collect();
                let returns = signature.returns;
                for (source, target) in group.args.iter().zip(targets) {
                    if let Some(target) = target {
                        self.edge(*source, target);
                    }
                }
                self.edge(returns, group.results);
            }
            _ if group.is_lua_only => {}
            _ => {
                let (library, any) = (self.node(Node::Library), self.node(Node::Any));
                for source in &group.args {
                    self.edge(*source, library);
                }
                self.edge(any, group.results);
            }
        }
    }
}
