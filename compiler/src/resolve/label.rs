//! Labels and gotos: where a `goto` jumps, and where it may not.

use std::collections::{BTreeMap, HashMap};

use super::Resolver;
use crate::diagnostics::Diagnostic;
use crate::hir::{Label, LabelId};
use crate::source::Span;

/// The labels of a block, and the gotos in it whose label has not been seen yet.
#[derive(Default)]
pub struct Labels {
    seen: HashMap<String, LabelId>,
    waiting: BTreeMap<String, Vec<Waiting>>,
}

/// A `goto` that waits for its label. As blocks close it moves outwards.
struct Waiting {
    span: Span,
    label: LabelId,
    /// How many locals its block had.
    locals: usize,
}

impl Resolver<'_> {
    /// `goto name`: a label seen already, or one that is waited for.
    pub(super) fn goto(&mut self, name: &str, span: Span) -> LabelId {
        let blocks = &self.frame().blocks;
        if let Some(label) = blocks.iter().rev().find_map(|block| block.labels.seen.get(name)) {
            return *label;
        }
        let (locals, first) = match blocks.last() {
            Some(block) => (block.locals.len(), block.labels.waiting.get(name).and_then(|all| all.first())),
            None => (0, None),
        };
        // Gotos of one block to a label that is still to come share it.
        let label = match first.map(|waiting| waiting.label) {
            Some(label) => label,
            None => self.unit.labels.push(Label { name: name.to_owned(), span }),
        };
        if let Some(block) = self.frame().blocks.last_mut() {
            let waiting = block.labels.waiting.entry(name.to_owned()).or_default();
            waiting.push(Waiting { span, label, locals });
        }
        label
    }

    /// `::name::`. `ends_block`: only labels and empty statements follow in its block, and no
    /// condition that would still see the block's locals. Gives every label id that means this place.
    pub(super) fn label(&mut self, name: &str, span: Span, ends_block: bool) -> Vec<LabelId> {
        let Some(block) = self.frame().blocks.last_mut() else { return Vec::new() };
        let locals = block.locals.len();
        let waiting = block.labels.waiting.remove(name).unwrap_or_default();
        if let Some(first) = block.labels.seen.get(name).copied() {
            self.defined_twice(name, span, self.unit.labels[first].span);
            return Vec::new();
        }
        let mut labels: Vec<LabelId> = Vec::new();
        for goto in waiting {
            if goto.locals < locals && !ends_block {
                self.jumps_into_scope(&goto, name);
            }
            self.unit.labels[goto.label].span = span;
            if !labels.contains(&goto.label) {
                labels.push(goto.label);
            }
        }
        if labels.is_empty() {
            labels.push(self.unit.labels.push(Label { name: name.to_owned(), span }));
        }
        if let (Some(block), Some(own)) = (self.frame().blocks.last_mut(), labels.first()) {
            block.labels.seen.insert(name.to_owned(), *own);
        }
        labels
    }

    /// The gotos that still wait when a block closes wait in the block around it; at the end of a
    /// function they have no label.
    pub(super) fn move_gotos_out(&mut self, labels: Labels) {
        let Some(outer) = self.frame().blocks.last_mut() else {
            for (name, waiting) in labels.waiting {
                for goto in waiting {
                    self.no_label(&name, goto.span);
                }
            }
            return;
        };
        let locals = outer.locals.len();
        for (name, waiting) in labels.waiting {
            let moved = waiting.into_iter().map(|goto| Waiting { locals, ..goto });
            outer.labels.waiting.entry(name).or_default().extend(moved);
        }
    }

    fn no_label(&mut self, name: &str, span: Span) {
        let line = self.sources.line(span);
        self.diagnostics.push(
            Diagnostic::error(
                "R0001",
                Some(span),
                format!("no visible label '{name}' for <goto> at line {line}"),
            )
            .explain(
                "A goto reaches labels of its own block and of the blocks around it, inside one function.",
            )
            .hint(format!("Put `::{name}::` where it should jump to, or check the spelling.")),
        );
    }

    fn defined_twice(&mut self, name: &str, span: Span, first: Span) {
        let line = self.sources.line(first);
        self.diagnostics.push(
            Diagnostic::error("R0002", Some(span), format!("label '{name}' already defined on line {line}"))
                .explain("A block may have each label once; a goto would not know where to go.")
                .hint("Rename one of the two.")
                .related(first, "first defined here"),
        );
    }

    fn jumps_into_scope(&mut self, goto: &Waiting, name: &str) {
        let line = self.sources.line(goto.span);
        let skipped = self.frame().blocks.last().and_then(|block| block.locals.get(goto.locals).copied());
        let Some(skipped) = skipped.map(|local| &self.unit.locals[local]) else { return };
        self.diagnostics.push(
            Diagnostic::error(
                "R0003",
                Some(goto.span),
                format!("<goto {name}> at line {line} jumps into the scope of local '{}'", skipped.name),
            )
            .explain("The jump would skip the declaration of a variable that is in scope behind the label.")
            .hint("Declare the variable before the goto, or put the label at the very end of the block.")
            .related(skipped.span, "declared here"),
        );
    }
}
