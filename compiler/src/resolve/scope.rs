//! Scopes: which locals are visible, which labels a `goto` may name, which loop a `break` leaves.

use full_moon::tokenizer::TokenReference;

use super::Resolver;
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprKind, FunctionId, LabelId, Local, LocalId, LocalKind, LoopId};
use crate::parse::Attribute;
use crate::source::Span;

/// A function being resolved.
pub struct Frame {
    pub function: FunctionId,
    pub blocks: Vec<BlockScope>,
    pub loops: Vec<LoopId>,
    /// Gotos whose label has not been seen yet.
    pending: Vec<Pending>,
}

/// A block being resolved.
#[derive(Default)]
pub struct BlockScope {
    pub locals: Vec<(String, LocalId)>,
    labels: Vec<(String, LabelId)>,
}

/// A `goto` that waits for its label. As blocks close it moves outwards.
struct Pending {
    name: String,
    span: Span,
    label: LabelId,
    /// The depth of the block it waits in, and how many locals that block had.
    depth: usize,
    locals: usize,
}

impl Frame {
    pub fn new(function: FunctionId) -> Frame {
        Frame { function, blocks: Vec::new(), loops: Vec::new(), pending: Vec::new() }
    }
}

/// The text of a name token.
pub fn name_of(token: &TokenReference) -> String {
    token.token().to_string()
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
        let frame = self.frame();
        frame.blocks.pop();
        let depth = frame.blocks.len();
        let outer = frame.blocks.last().map_or(0, |block| block.locals.len());
        for pending in &mut frame.pending {
            if pending.depth > depth {
                pending.depth = depth;
                pending.locals = outer;
            }
        }
    }

    /// Ends a function: whatever goto still waits has no label.
    pub(super) fn close_frame(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        for pending in frame.pending {
            self.diagnostics.push(
                Diagnostic::error("R0001", Some(pending.span), format!("no visible label '{}' for goto", pending.name))
                    .explain("A goto reaches labels of its own block and of the blocks around it, inside one function.")
                    .hint(format!("Put `::{}::` where it should jump to, or check the spelling.", pending.name)),
            );
        }
    }

    /// Declares a local that is visible from here on.
    pub(super) fn declare(&mut self, name: &str, kind: LocalKind, span: Span) -> LocalId {
        let owner = self.current;
        let attribute = self.chunk.attributes.get(&(span.start as usize)).copied();
        let kind = if attribute == Some(Attribute::Close) { LocalKind::ToBeClosed } else { kind };
        let local = self.new_local(Local {
            name: name.to_owned(),
            kind,
            owner,
            span,
            is_reassigned: false,
            is_captured: false,
            is_read: false,
            ty: None,
        });
        if let Some(block) = self.frame().blocks.last_mut() {
            block.locals.push((name.to_owned(), local));
        }
        local
    }

    /// What a name means here. Marks captures in every function between.
    pub(super) fn lookup(&mut self, name: &str) -> ExprKind {
        let found = self.frames.iter().enumerate().rev().find_map(|(depth, frame)| {
            let local = frame.blocks.iter().rev().find_map(|block| {
                block.locals.iter().rev().find(|(own, _)| own == name).map(|(_, local)| *local)
            });
            local.map(|local| (depth, local))
        });
        let Some((depth, local)) = found else { return ExprKind::Global(name.to_owned()) };
        if depth + 1 == self.frames.len() {
            return ExprKind::Local(local);
        }
        self.unit.locals[local].is_captured = true;
        for frame in self.frames.iter().skip(depth + 1) {
            let captures = &mut self.unit.functions[frame.function].captures;
            if !captures.contains(&local) {
                captures.push(local);
            }
        }
        ExprKind::Upvalue(local)
    }

    /// `goto name`: a label seen already, or one that is waited for.
    pub(super) fn goto(&mut self, name: String, span: Span) -> LabelId {
        let known = self
            .frame()
            .blocks
            .iter()
            .rev()
            .find_map(|block| block.labels.iter().find(|(own, _)| *own == name).map(|(_, label)| *label));
        if let Some(label) = known {
            return label;
        }
        let depth = self.frame().blocks.len();
        let locals = self.frame().blocks.last().map_or(0, |block| block.locals.len());
        // Gotos to one label that is still to come share it.
        let waiting =
            self.frame().pending.iter().find(|pending| pending.name == name && pending.depth == depth);
        let label = match waiting.map(|pending| pending.label) {
            Some(label) => label,
            None => self.unit.labels.push(crate::hir::Label { name: name.clone(), span }),
        };
        self.frame().pending.push(Pending { name, span, label, depth, locals });
        label
    }

    /// `::name::`. `ends_block`: only labels and empty statements follow in its block, and no
    /// condition that would still see the block's locals.
    pub(super) fn label(&mut self, name: String, span: Span, ends_block: bool) -> Vec<LabelId> {
        let known = self
            .frame()
            .blocks
            .last()
            .and_then(|block| block.labels.iter().find(|(own, _)| *own == name).map(|(_, label)| *label));
        if let Some(first) = known {
            let first = self.unit.labels[first].span;
            self.diagnostics.push(
                Diagnostic::error("R0002", Some(span), format!("label '{name}' is already defined"))
                    .explain("A block may have each label once; a goto would not know where to go.")
                    .hint("Rename one of the two.")
                    .related(first, "first defined here"),
            );
            return Vec::new();
        }
        let depth = self.frame().blocks.len();
        let locals = self.frame().blocks.last().map_or(0, |block| block.locals.len());
        let (mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.frame().pending)
            .into_iter()
            .partition(|pending| pending.name == name && pending.depth == depth);
        self.frame().pending = rest;
        let own = self.unit.labels.push(crate::hir::Label { name: name.clone(), span });
        let mut labels = vec![own];
        for pending in mine {
            if pending.locals < locals && !ends_block {
                self.jumps_into_scope(&pending, &name);
            }
            self.unit.labels[pending.label].span = span;
            if !labels.contains(&pending.label) {
                labels.push(pending.label);
            }
        }
        if let Some(block) = self.frame().blocks.last_mut() {
            block.labels.push((name, own));
        }
        labels
    }

    fn jumps_into_scope(&mut self, pending: &Pending, name: &str) {
        let skipped = self.frame().blocks.last().and_then(|block| block.locals.get(pending.locals).cloned());
        let (variable, local) = skipped.map_or((String::new(), None), |(name, local)| (name, Some(local)));
        let mut found = Diagnostic::error(
            "R0003",
            Some(pending.span),
            format!("goto {name} jumps into the scope of local '{variable}'"),
        )
        .explain("The jump would skip the declaration of a variable that is used behind the label.")
        .hint("Declare the variable before the goto, or put the label at the very end of the block.");
        if let Some(local) = local {
            found = found.related(self.unit.locals[local].span, "declared here");
        }
        self.diagnostics.push(found);
    }
}
