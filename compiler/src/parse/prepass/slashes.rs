//! `x = 5 // text`: division, until what follows turns out to be no value.

use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::TokenKind;
use crate::source::Span;

impl Prepass<'_> {
    /// The `//` before `found` on its line: what follows it is then no value but a comment.
    pub(super) fn slashes_before(&self, found: &Diagnostic) -> Option<usize> {
        let start = found.span.filter(|_| found.code == "P0001")?.start as usize;
        let at = self.line_slashes?;
        let next = self.cursor.tokens.get(at + 1)?;
        let is_word = matches!(next.kind, TokenKind::Name | TokenKind::Keyword) && !next.starts_line;
        let between = self.cursor.source.get(next.start..start).filter(|_| is_word)?;
        (!between.contains(['\n', '\r'])).then_some(at)
    }

    /// Takes the tokens from the `//` at that index to the end of the line for a comment.
    pub(super) fn skip_comment(&mut self, slashes: usize) {
        let Some(token) = self.cursor.tokens.get(slashes).copied() else { return };
        self.close_from(token.start);
        self.drop_line();
        self.drop_from(slashes);
        self.before = Before::Operand;
    }
}

/// `x = 5 // text`
pub(super) fn no_comment(span: Span) -> Diagnostic {
    Diagnostic::error("P0005", Some(span), "`//` begins no comment")
        .explain("`//` divides and rounds down.")
        .hint("A comment begins with `--`.")
}
