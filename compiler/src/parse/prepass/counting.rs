//! `i++`, `++i` and `i--`, of which Lua reads the last as a variable and a comment.

use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{Token, TokenKind};
use crate::source::Span;

impl Prepass<'_> {
    /// `i++` and `++i`; the cursor stands at the first sign.
    pub(super) fn increment(&mut self) {
        let is_statement =
            self.before == Before::Statement || (self.before == Before::Operand && self.cursor.starts_line());
        let is_behind = self.before == Before::Operand && !is_statement;
        let variable = match self.cursor.before() {
            Some(token) if is_behind => self.variable_at(self.cursor.at - 1, token),
            _ => self.cursor.peek(2).and_then(|token| self.variable_at(self.cursor.at + 2, token)),
        };
        self.foreign(
            "`++` is no operator of Lua",
            "Lua assigns with `=` alone.",
            format!("Write `{0} = {0} + 1`.", variable.unwrap_or("x")),
        );
        self.drop_token();
        self.drop_token();
        if is_statement && self.cursor.is_name(0) {
            self.drop_token();
            self.before = Before::Operand;
        }
    }

    /// The name at that index, if it is no field of something.
    fn variable_at(&self, at: usize, token: Token) -> Option<&str> {
        let before = at.checked_sub(1).and_then(|at| self.cursor.tokens.get(at));
        let is_field =
            before.is_some_and(|before| matches!(before.text(self.cursor.source), "." | ":" | "]"));
        Some(token.text(self.cursor.source)).filter(|_| token.kind == TokenKind::Name && !is_field)
    }

    /// `i--`: a variable alone, and a comment without a word. True: it was reported and taken.
    pub(super) fn decrement(&mut self) -> bool {
        let Some(token) = self.cursor.peek(0) else { return false };
        if !is_decrement(self.cursor.source, token.end) {
            return false;
        }
        let name = self.cursor.text(0);
        let span = Span::new(self.cursor.file, token.end, token.end + 2);
        self.report(no_decrement(span, name));
        self.drop_token();
        self.before = Before::Statement;
        true
    }
}

/// Whether `--` stands at that byte and nothing behind it on the line.
pub fn is_decrement(source: &str, at: usize) -> bool {
    let line = source.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    line.strip_prefix("--").is_some_and(|rest| matches!(rest.trim(), "" | ";"))
}

/// `name--`
pub fn no_decrement(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("P0005", Some(span), "`--` is no operator of Lua")
        .explain("Lua assigns with `=` alone, and `--` begins a comment.")
        .hint(format!("Write `{name} = {name} - 1`."))
}
