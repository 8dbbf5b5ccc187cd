//! Scopes: which locals are visible, and what a name means.

use std::collections::{BTreeSet, HashMap};

use full_moon::tokenizer::TokenReference;

use super::label::Labels;
use super::{Mode, Resolver, name_of};
use crate::hir::{ExprId, ExprKind, FunctionId, Local, LocalId, LocalKind, LoopId, Stmt, StmtKind};
use crate::parse::Attribute;
use crate::source::Span;

/// The locals in scope, by name; each with the depth of its frame.
pub type Bindings = HashMap<String, Vec<(usize, LocalId)>>;

/// A function being resolved.
pub struct Frame {
    pub function: FunctionId,
    pub blocks: Vec<BlockScope>,
    pub loops: Vec<LoopId>,
    /// What its captures hold already.
    captured: BTreeSet<LocalId>,
}

/// A block being resolved.
#[derive(Default)]
pub struct BlockScope {
    pub locals: Vec<LocalId>,
    pub labels: Labels,
}

impl Frame {
    pub fn new(function: FunctionId) -> Frame {
        Frame { function, blocks: Vec::new(), loops: Vec::new(), captured: BTreeSet::new() }
    }
}

impl Resolver<'_> {
    pub(super) fn frame(&mut self) -> &mut Frame {
        let at = self.frames.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "a frame is open for as long as anything is resolved")]
        &mut self.frames[at]
    }

    pub(super) fn open_block(&mut self) {
        self.frame().blocks.push(BlockScope::default());
    }

    /// Ends a block; gotos that still wait go on in the one around it.
    pub(super) fn close_block(&mut self) {
        let Some(block) = self.frame().blocks.pop() else { return };
        for local in block.locals {
            if let Some(bound) = self.bindings.get_mut(&self.unit.locals[local].name) {
                bound.pop();
            }
        }
        self.move_gotos_out(block.labels);
    }

    /// Ends a function.
    pub(super) fn close_frame(&mut self) {
        self.frames.pop();
    }

    /// Declares a local that is visible from here on.
    pub(super) fn declare(&mut self, name: &TokenReference, kind: LocalKind) -> LocalId {
        let span = self.span(name);
        self.declare_named(name_of(name), kind, span)
    }

    pub(super) fn declare_named(&mut self, name: &str, kind: LocalKind, span: Span) -> LocalId {
        let notes = &self.chunk.notes;
        let start = span.start as usize;
        let is_closed = notes.attributes.get(&start) == Some(&Attribute::Close);
        let ty = notes.types.get(&start).cloned();
        if let Some(ty) = &ty {
            self.read_typeofs(ty.span);
        }
        let local = self.unit.locals.push(Local {
            name: name.to_owned(),
            kind: if is_closed { LocalKind::ToBeClosed } else { kind },
            owner: self.current,
            span,
            is_reassigned: false,
            is_captured: false,
            is_read: false,
            ty,
        });
        if let Some(block) = self.frame().blocks.last_mut() {
            block.locals.push(local);
        }
        let depth = self.frames.len();
        match self.bindings.get_mut(name) {
            Some(bound) => bound.push((depth, local)),
            None => {
                self.bindings.insert(name.to_owned(), vec![(depth, local)]);
            }
        }
        local
    }

    /// The variable a name means here. Marks captures in every function between.
    pub(super) fn lookup(&mut self, name: &str, span: Span) -> ExprId {
        let kind = match self.visible(name) {
            Some((depth, local)) => self.variable_of(depth, local),
            None => self.free(name, span),
        };
        self.push(kind, span)
    }

    fn variable_of(&mut self, depth: usize, local: LocalId) -> ExprKind {
        if depth == self.frames.len() {
            return ExprKind::Local(local);
        }
        self.unit.locals[local].is_captured = true;
        // From the inside out: a function that has it already got it through all around it.
        for frame in self.frames.iter_mut().skip(depth).rev() {
            if !frame.captured.insert(local) {
                break;
            }
            self.unit.functions[frame.function].captures.push(local);
        }
        ExprKind::Upvalue(local)
    }

    /// A name that no local has: in a script it is a field of `_ENV`, which is the table of the globals
    /// unless a local has that name.
    fn free(&mut self, name: &str, span: Span) -> ExprKind {
        if self.mode != Mode::Script {
            return ExprKind::Global(name.to_owned());
        }
        if name == ENVIRONMENT {
            return ExprKind::Global("_G".to_owned());
        }
        match self.visible(ENVIRONMENT) {
            Some((depth, local)) => {
                let kind = self.variable_of(depth, local);
                let base = self.push(kind, span);
                self.mark_read(base);
                ExprKind::Field { base, name: name.to_owned() }
            }
            None => ExprKind::Global(name.to_owned()),
        }
    }

    /// The local a name stands for here, and the depth of its frame.
    pub(super) fn visible(&self, name: &str) -> Option<(usize, LocalId)> {
        self.bindings.get(name)?.last().copied()
    }
}

/// What the free names of a chunk are fields of. Lua has a variable `_ENV` for each chunk; here the table of the
/// globals is meant, unless the chunk assigns that variable: then it gets a local of that name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Environment {
    /// The table of the globals.
    Shared,
    /// As far as is known the same; but a target at this place says otherwise.
    AssignedAt(u32),
    /// The local is declared in front of the first statement that ends behind this place.
    OwnFrom(u32),
    /// It was declared, but behind functions that should see it as well.
    OwnTooLate,
    Own,
}

impl Environment {
    /// With which one the chunk must be resolved again, if so.
    pub(super) fn refined(self) -> Option<Environment> {
        match self {
            Environment::AssignedAt(place) => Some(Environment::OwnFrom(place)),
            // Or it stands in what the chunk returns.
            Environment::OwnTooLate | Environment::OwnFrom(1..) => Some(Environment::OwnFrom(0)),
            Environment::Shared | Environment::OwnFrom(0) | Environment::Own => None,
        }
    }
}

impl Resolver<'_> {
    /// `local _ENV = _G`, in front of the statement at `span` if it belongs there.
    pub(super) fn own_environment(&mut self, span: Span) -> Option<Stmt> {
        let Environment::OwnFrom(place) = self.environment else { return None };
        if self.frames.len() > 1 || span.end <= place {
            return None;
        }
        // In front of the first statement it is never too late.
        let is_first = place == 0 || self.unit.functions.iter().count() == 1;
        self.environment = if is_first { Environment::Own } else { Environment::OwnTooLate };
        let span = Span { end: span.start, ..span };
        let globals = self.push(ExprKind::Global("_G".to_owned()), span);
        let local = self.declare_named(ENVIRONMENT, LocalKind::Variable, span);
        Some(Stmt { kind: StmtKind::Local { locals: vec![local], values: vec![globals] }, span })
    }

    /// Notes that a target is the variable `_ENV` of the chunk.
    pub(super) fn note_environment(&mut self, name: &str, place: ExprId, span: Span) {
        let is_chunks = name == ENVIRONMENT && matches!(self.unit.exprs[place].kind, ExprKind::Global(_));
        if is_chunks && self.mode == Mode::Script && self.environment == Environment::Shared {
            self.environment = Environment::AssignedAt(span.start);
        }
    }
}

/// The name of the table that holds the globals.
const ENVIRONMENT: &str = "_ENV";
