//! Operators and punctuation.

use super::balance::Opener;
use super::{Before, LastCast, Prepass};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{Token, TokenKind};

impl Prepass<'_> {
    /// `cast`: one that ended right before.
    pub(super) fn symbol(&mut self, cast: Option<LastCast>) {
        let Some(token) = self.cursor.peek(0) else { return };
        let text = self.cursor.text(0);
        match text {
            "(" => self.open_paren(token, cast),
            "{" | "[" | "." | ":" => self.suffix(token, text, cast),
            ")" | "}" | "]" => self.close_bracket(),
            "..." => self.value(false),
            "," => self.comma(),
            "=" if self.in_head() && self.before == Before::Operand && !self.is_for_head() => {
                self.end_of_head_missing()
            }
            "=" => {
                self.check_left_operand(false);
                self.reset_operators();
                self.operator();
            }
            ";" => self.semicolon(),
            "::" => self.colons(),
            "!" if self.before == Before::Operand && !self.is_not_equal() => self.assertion(),
            "!" | "?" | "?:" | "->" | "@" => self.foreign_symbol(text),
            _ => {
                if !self.foreign_operator(token) {
                    self.check_left_operand(matches!(text, "-" | "~" | "#"));
                    self.count_operator(token);
                    self.operator();
                }
            }
        }
    }

    fn open_paren(&mut self, token: Token, cast: Option<LastCast>) {
        let is_call = self.before == Before::Operand;
        if is_call {
            match cast {
                // `local x = y as T` and a statement that begins with a bracket on the next line.
                Some(cast) if token.starts_line && self.in_block() => {
                    self.statement();
                    self.patches.push((cast.start, ";"));
                }
                Some(cast) => self.cast_is_called(cast),
                None => self.call(token),
            }
        } else if self.may_start_statement() {
            self.statement();
        }
        self.open(Opener::Paren, token);
        self.cursor.bump();
        self.before = if is_call { Before::Opening } else { Before::Operator };
    }

    /// In a table a separator may be the last thing.
    fn comma(&mut self) {
        self.check_left_operand(false);
        self.reset_operators();
        self.cursor.bump();
        self.before = if self.in_table() { Before::Opening } else { Before::Operator };
    }

    pub(super) fn in_table(&self) -> bool {
        self.open.last().is_some_and(|open| open.opener == Opener::Brace)
    }

    /// Whether the innermost block is a `for` whose `=` may come.
    fn is_for_head(&self) -> bool {
        let open = self.open.last();
        open.is_some_and(|open| open.awaits.is_some() && open.token.text(self.cursor.source) == "for")
    }

    fn call(&mut self, token: Token) {
        self.count_operator(token);
        let follows_call = self.cursor.before().is_some_and(|before| before.text(self.cursor.source) == ")");
        if token.starts_line && follows_call {
            let span = self.span_of(token);
            self.notes.ambiguous_calls.push(span);
        }
    }

    /// `{`, `[`, `.` and `:`, which may continue an operand.
    fn suffix(&mut self, token: Token, text: &str, cast: Option<LastCast>) {
        if let Some(cast) = cast
            && !(cast.is_assertion && text != "{")
        {
            self.cast_is_called(cast);
        }
        if text == ":" && self.is_field_with_colon() {
            return self.field_with_colon(token);
        }
        let is_suffix = self.before == Before::Operand;
        if is_suffix {
            self.count_operator(token);
        }
        let is_key = text == "[" && self.before == Before::Opening && self.in_table();
        if !is_suffix && !is_key && (text != "{" || matches!(self.before, Before::Member | Before::Statement))
        {
            self.check_left_operand(false);
        }
        self.before = match text {
            "{" => {
                self.open(Opener::Brace, token);
                Before::Opening
            }
            "[" => {
                self.open(Opener::Bracket, token);
                Before::Operator
            }
            _ => Before::Member,
        };
        self.cursor.bump();
    }

    /// Behind a statement it stays; an empty statement is hidden from full_moon.
    fn semicolon(&mut self) {
        if !self.in_block() {
            return self.comma();
        }
        self.check_operand();
        self.reset_operators();
        match self.before {
            Before::Statement => self.drop_token(),
            _ => self.cursor.bump(),
        }
        self.before = Before::Statement;
    }

    /// `::name::` is a label; behind an operand only on one line, for there `::` is a cast too.
    fn colons(&mut self) {
        let is_on_line = |ahead: usize| self.cursor.peek(ahead).is_some_and(|token| !token.starts_line);
        let is_plain = self.before == Before::Statement || (is_on_line(1) && is_on_line(2));
        let is_label = self.cursor.text(2) == "::" && is_plain;
        let is_reserved = self.cursor.kind(1) == Some(TokenKind::Keyword);
        if self.before == Before::Statement && !is_label {
            return self.no_label();
        }
        if is_label && self.may_start_statement() && (self.cursor.is_name(1) || is_reserved) {
            self.statement();
            self.cursor.bump();
            if is_reserved {
                self.reserved("a label", "Choose another name for the label.");
            }
            self.cursor.bump();
            self.cursor.bump();
            self.before = Before::Statement;
        } else if self.before == Before::Operand {
            self.cast();
        } else {
            self.check_left_operand(false);
            self.operator();
        }
    }

    fn no_label(&mut self) {
        self.statement();
        let found =
            Diagnostic::error("P0001", Some(self.cursor.span()), "syntax error: a label is `::name::`");
        self.report(
            found.explain("Where a statement begins, `::` begins a label.").hint("Complete the label."),
        );
        self.cursor.bump();
        if self.cursor.is_name(0) {
            self.cursor.bump();
        }
        self.cursor.take("::");
        self.before = Before::Statement;
    }
}
