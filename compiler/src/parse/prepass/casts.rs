//! Casts: `e as T`, `e :: T`, `e!` and `f::<T>(x)`. They change no value but its number: a call or
//! `...` under a cast gives exactly one.

use super::{Before, LastCast, Prepass};
use crate::diagnostics::Diagnostic;
use crate::hir::Type;
use crate::parse::lexer::TokenKind;
use crate::parse::notes::CastNote;
use crate::parse::types::{self, Place};

impl Prepass<'_> {
    /// Whether the name at the cursor is the word `as` of a cast; an operand stands before it.
    pub(super) fn is_cast_word(&self) -> bool {
        if !self.cursor.is("as") {
            return false;
        }
        if !self.in_block() {
            return true;
        }
        // `as` may be a variable too, at the beginning of a statement: `as = 1`, `as.x = 1`, `as(x)`.
        if !self.cursor.starts_line() {
            return !matches!(self.cursor.text(1), "=" | "," | "." | ":" | "[");
        }
        let Some(next) = self.cursor.peek(1) else { return false };
        let looks_called = matches!(self.cursor.text(1), "(" | "{") || next.kind == TokenKind::String;
        let is_adjacent = self.cursor.peek(0).is_some_and(|word| word.end == next.start);
        types::starts_type(&self.cursor, 1) && !(looks_called && is_adjacent)
    }

    /// `as T` or `:: T`; the cursor stands at the word.
    pub(super) fn cast(&mut self) {
        let (from, start, operand) = (self.cursor.at, self.cursor.start(), self.cursor.taken_to);
        let is_instantiation = self.cursor.is("::") && self.cursor.text(1) == "<";
        self.cursor.bump();
        if is_instantiation {
            let arguments = types::read_arguments(&mut self.cursor);
            self.recover_from(arguments.map(|_| ()), from);
            self.drop_from(from);
            self.before = Before::Operand;
            return;
        }
        let result = types::read(&mut self.cursor, Place::Cast);
        let to = self.recover_from(result, from);
        self.drop_from(from);
        self.note_cast(operand, start, to, false);
        self.cast = Some(LastCast { start, is_assertion: false });
    }

    /// `e!`
    pub(super) fn assertion(&mut self) {
        let (start, operand) = (self.cursor.start(), self.cursor.taken_to);
        self.drop_token();
        self.note_cast(operand, start, None, true);
        self.cast = Some(LastCast { start, is_assertion: true });
    }

    fn note_cast(&mut self, operand: usize, start: usize, to: Option<Type>, is_assertion: bool) {
        if to.is_none() && !is_assertion {
            return;
        }
        let span = self.cursor.span_from(start);
        // Of a chain the first cast starts where the operand ends; all are filed there.
        let key = self.cast_chain.filter(|(end, _)| *end == operand).map_or(operand, |(_, key)| key);
        self.cast_chain = Some((self.cursor.taken_to, key));
        self.notes.casts.entry(key).or_default().push(CastNote { to, span });
        self.before = Before::Operand;
    }

    /// A cast is called or indexed, which its own grammar does not allow.
    pub(super) fn cast_is_called(&mut self, cast: LastCast) {
        let end = self.cursor.taken_to;
        let span = crate::source::Span::new(self.cursor.file, cast.start, end);
        self.report(
            Diagnostic::error("P0011", Some(span), "a cast cannot be called or indexed")
                .label("put the value and this in parentheses")
                .explain(
                    "A cast ends its expression; what follows would belong to the type, not to the value.",
                )
                .hint("Write `(value as Type)` with parentheses around it."),
        );
    }
}
