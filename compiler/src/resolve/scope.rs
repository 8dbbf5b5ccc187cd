//! Scopes: which locals are visible, and what a name means.

use std::collections::{BTreeSet, HashMap};

use full_moon::tokenizer::TokenReference;

use super::label::Labels;
use super::{Mode, Resolver, name_of};
use crate::hir::{ExprId, ExprKind, FunctionId, Local, LocalId, LocalKind, LoopId};
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

/// The name of the table that holds the globals.
const ENVIRONMENT: &str = "_ENV";
