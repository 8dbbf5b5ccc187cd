//! `{ a: 1 }`: the fields of other languages.

use super::Before;
use super::Prepass;
use crate::parse::cursor::shortened;
use crate::parse::lexer::{Token, TokenKind};

impl Prepass<'_> {
    /// Whether the `:` at the cursor stands behind the name of a field, as in `{ a: 1 }`, and calls no method.
    pub(super) fn is_field_with_colon(&self) -> bool {
        if !self.in_table() || self.before != Before::Operand {
            return false;
        }
        let begins = self.cursor.at.checked_sub(2).and_then(|at| self.cursor.tokens.get(at));
        let is_key = begins.is_some_and(|token| matches!(token.text(self.cursor.source), "{" | "," | ";"));
        let is_call = self.cursor.is_name(1)
            && (matches!(self.cursor.text(2), "(" | "{") || self.cursor.kind(2) == Some(TokenKind::String));
        is_key
            && match self.cursor.before().map(|key| key.kind) {
                Some(TokenKind::Name) => !is_call,
                Some(TokenKind::String) => true,
                _ => false,
            }
    }

    pub(super) fn field_with_colon(&mut self, token: Token) {
        let key = self.cursor.before();
        let (name, is_name) =
            key.map_or(("a", true), |key| (key.text(self.cursor.source), key.kind == TokenKind::Name));
        let name = shortened(name);
        let field = if is_name { name } else { format!("[{name}]") };
        // Who writes one field so writes all of them so.
        if self.faulty.replace(self.statements.len()) != Some(self.statements.len()) {
            self.foreign(
                "`:` gives a field no value",
                "In a table a field gets its value with `=`; a colon calls a method.",
                format!("Write `{field} = value`."),
            );
        }
        self.patches.push((token.start, "="));
        self.operator();
    }
}
