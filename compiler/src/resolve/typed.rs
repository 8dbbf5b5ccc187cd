//! What typed syntax adds to the tree: casts, and the expressions inside `typeof(...)`.

use super::Resolver;
use crate::diagnostics::Diagnostic;
use crate::hir::{Cast, ExprId, ExprKind};
use crate::parse::lexer::{TokenKind, tokens};
use crate::source::Span;

impl Resolver<'_> {
    /// Files the casts of an expression, and wraps what may give several values: under a cast it
    /// gives one.
    pub(super) fn cast(&mut self, expression: ExprId) -> ExprId {
        let span = self.unit.exprs[expression].span;
        if !self.note_casts(expression) || !self.may_give_several(expression) {
            return expression;
        }
        self.push(ExprKind::Single(expression), span)
    }

    /// Files the casts of an expression; whether there are any.
    pub(super) fn note_casts(&mut self, expr: ExprId) -> bool {
        self.note_casts_at(self.unit.exprs[expr].span.end, expr)
    }

    /// Files the casts behind the byte `end`, where the operand `expr` ends with its brackets.
    pub(super) fn note_casts_at(&mut self, end: u32, expr: ExprId) -> bool {
        let Some(casts) = self.chunk.notes.casts.get(&(end as usize)) else { return false };
        for cast in casts {
            self.unit.casts.push(Cast { expr, to: cast.to.clone(), span: cast.span });
            self.read_typeofs(cast.span);
        }
        true
    }

    /// A cast behind what is no value.
    pub(super) fn refuse_cast(&mut self, operand: Span, what: &str) {
        let casts = self.chunk.notes.casts.get(&(operand.end as usize));
        let Some(cast) = casts.and_then(|casts| casts.first()) else { return };
        self.diagnostics.push(
            Diagnostic::error("P0011", Some(cast.span), format!("a cast cannot be {what}"))
                .explain("A cast says of which type a value is; here no value is used.")
                .hint("Remove the cast."),
        );
    }

    /// Reads the `typeof`s between the statement before and the one that begins here: those of type
    /// declarations, which are no statements of the tree.
    pub(super) fn read_declarations_before(&mut self, statement: Span) {
        let from = self.resolved_to.min(statement.start);
        self.resolved_to = statement.start;
        self.read_typeofs(Span { start: from, end: statement.start, ..statement });
    }

    /// The names inside every `typeof(...)` of `within` are used, though nothing is evaluated.
    pub(super) fn read_typeofs(&mut self, within: Span) {
        let typeofs = &self.chunk.notes.typeofs;
        let first = typeofs.partition_point(|span| span.start < within.start);
        for span in typeofs.iter().skip(first).take_while(|span| span.start < within.end) {
            let text = self.text(*span);
            let mut before = "";
            for token in tokens(text) {
                let word = token.text(text);
                if token.kind == TokenKind::Name
                    && !matches!(before, "." | ":")
                    && let Some((_, local)) = self.visible(word)
                {
                    self.unit.locals[local].is_read = true;
                }
                before = word;
            }
        }
    }
}
