//! Which functions may flow where: into a call, a field, a parameter, a generic `for`.
//!
//! Field-based and without order: a value stored under the name `f` may be read wherever `f` is
//! read, one stored under a computed key wherever anything is read. Whatever is handed to a library
//! may come back from one. The answer is a superset of what happens, which is what `suspend` needs.

mod build;
mod components;
mod graph;
mod numbers;

use std::collections::BTreeMap;

use graph::Graph;

use super::globals::Globals;
use super::userdata::Userdata;
use super::{Callee, FunctionRef, UnitId, World};
use crate::hir::{ExprId, LocalId, LoopId};
use crate::index::IdVec;
use crate::library::Function;

/// A function as the flow carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    Lua(FunctionRef),
    Library(&'static Function),
}

/// What flows where.
pub struct Flow {
    graph: Graph,
    /// The node that holds the functions a call expression may reach.
    calls: BTreeMap<(UnitId, ExprId), u32>,
    /// The nodes whose functions a library call with a callback may run.
    callbacks: BTreeMap<(UnitId, ExprId), Vec<u32>>,
    /// The node of the iterator of a generic `for`.
    loops: BTreeMap<(UnitId, LoopId), u32>,
    /// Which host objects there can be, whose methods flow too.
    pub userdata: Userdata,
}

/// A place that holds functions.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Node {
    Atom(usize),
    Local(UnitId, LocalId),
    Returns(FunctionRef),
    Varargs(FunctionRef),
    /// The results of a call, and what it calls.
    Call(UnitId, ExprId),
    Callee(UnitId, ExprId),
    /// The iterator of a loop, and what it gives.
    Loop(UnitId, LoopId),
    LoopResults(UnitId, LoopId),
    Field(String),
    Global(String),
    /// What stands under numbers.
    Numbers,
    /// What stands under keys that are not known.
    Computed,
    /// What was handed to a library.
    Library,
    /// Everything that stands in any table or library.
    Any,
}

pub fn solve(world: &World, callees: &[IdVec<ExprId, Callee>], globals: &Globals) -> Flow {
    let mut builder = build::Builder::new(world, callees, globals);
    builder.build();
    builder.solve()
}

impl Flow {
    /// The functions the call `expression` may reach.
    pub fn call(&self, unit: UnitId, expression: ExprId) -> Vec<Atom> {
        self.calls.get(&(unit, expression)).map(|node| self.atoms_of(*node)).unwrap_or_default()
    }

    /// The functions among the arguments of the library call `expression`.
    pub fn callbacks(&self, unit: UnitId, expression: ExprId) -> Vec<Atom> {
        let nodes = self.callbacks.get(&(unit, expression)).into_iter().flatten();
        nodes.flat_map(|node| self.atoms_of(*node)).collect()
    }

    /// The functions the generic `for` may use as its iterator.
    pub fn iterator(&self, unit: UnitId, id: LoopId) -> Vec<Atom> {
        self.loops.get(&(unit, id)).map(|node| self.atoms_of(*node)).unwrap_or_default()
    }

    /// The functions that were handed to any library.
    pub fn given(&self) -> Vec<Atom> {
        self.graph.ids.get(&Node::Library).map(|node| self.atoms_of(*node)).unwrap_or_default()
    }

    /// The functions that may stand in a field of that name.
    pub fn field(&self, name: &str) -> Vec<Atom> {
        self.graph.ids.get(&Node::Field(name.to_owned())).map(|node| self.atoms_of(*node)).unwrap_or_default()
    }

    /// Whether a method call of that name may reach a Lua function.
    pub fn is_lua_method(&self, name: &str) -> bool {
        let computed =
            self.graph.ids.get(&Node::Computed).map(|node| self.atoms_of(*node)).unwrap_or_default();
        self.field(name).iter().chain(&computed).any(|atom| matches!(atom, Atom::Lua(_)))
    }

    fn atoms_of(&self, node: u32) -> Vec<Atom> {
        let Some(set) = self.graph.sets.get(node as usize) else { return Vec::new() };
        set.iter().filter_map(|atom| self.graph.atoms.get(atom).copied()).collect()
    }
}

/// A growing set of small numbers.
#[derive(Clone, Default)]
struct BitSet(Vec<u64>);

impl BitSet {
    fn insert(&mut self, value: usize) {
        let word = value / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (value % 64);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// Adds all of `other`.
    fn merge(&mut self, other: &BitSet) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (own, others) in self.0.iter_mut().zip(&other.0) {
            *own |= others;
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        static NOTHING: BitSet = BitSet(Vec::new());
        self.without(&NOTHING)
    }

    /// What is in this set and not in the other.
    fn without<'a>(&'a self, other: &'a BitSet) -> impl Iterator<Item = usize> + 'a {
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        let words = self.0.iter().zip(others).enumerate();
        words.flat_map(|(word, (own, others))| {
            let mut bits = own & !others;
            std::iter::from_fn(move || {
                let lowest = bits.trailing_zeros() as usize;
                // Takes the lowest bit off.
                (bits != 0).then(|| bits &= bits - 1).map(|()| word * 64 + lowest)
            })
        })
    }
}
