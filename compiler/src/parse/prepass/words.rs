//! Names and reserved words.

use super::balance::Opener;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{Token, TokenKind};
use crate::parse::stand_in::Shown;

impl Prepass<'_> {
    pub(super) fn name(&mut self) {
        if self.before == Before::Member {
            return self.operand();
        }
        if self.before == Before::Operand && self.is_cast_word() {
            return self.cast();
        }
        if self.before == Before::Operand && self.in_head() {
            return self.end_of_head_missing();
        }
        if !self.may_start_statement() {
            return self.value(false);
        }
        match self.cursor.text(0) {
            "type" if self.cursor.is_name(1) => self.type_declaration(),
            "interface" if self.cursor.is_name(1) => self.interface_declaration(),
            _ => {
                self.statement();
                if !self.foreign_statement() {
                    self.operand();
                }
            }
        }
    }

    pub(super) fn keyword(&mut self) {
        let Some(token) = self.cursor.peek(0) else { return };
        let word = self.cursor.text(0);
        if self.before == Before::Member {
            self.reserved("a field or method", &format!("Write `[\"{word}\"]` to use it as a key."));
            self.cursor.bump();
            self.before = Before::Operand;
            return;
        }
        match word {
            "nil" | "true" | "false" => return self.value(false),
            "and" | "or" | "not" => {
                if word == "not" && self.before == Before::Operand {
                    self.value(false);
                    self.before = Before::Operator;
                    return;
                }
                self.check_left_operand(word == "not");
                self.count_operator(token);
                return self.operator();
            }
            "function" => return self.function(),
            _ => {}
        }
        if let Some(open) = self.open.last().copied()
            && open.is_bracket()
        {
            if word == "if" && self.before != Before::Operand {
                return self.foreign_if();
            }
            if word != "in" {
                return self.unclosed_before(open, token);
            }
        }
        self.block_word(word);
    }

    /// A reserved word that begins, divides or ends statements.
    fn block_word(&mut self, word: &str) {
        let Some(token) = self.cursor.peek(0) else { return };
        match word {
            "end" | "until" => {
                self.check_operand();
                return self.close_block();
            }
            "then" | "else" | "elseif" | "do" | "in" => self.check_operand(),
            "if" if matches!(self.before, Before::Operator | Before::Opening) => return self.foreign_if(),
            _ if self.in_head() => {
                self.check_operand();
                self.end_of_head_missing();
                self.statement();
            }
            _ => {
                self.check_operand();
                self.statement();
            }
        }
        match word {
            "local" => return self.local(),
            "for" => return self.for_head(),
            "goto" => return self.goto(),
            "break" => return self.break_statement(),
            "return" => *self.returned() = true,
            "if" => self.open_head(Opener::If, "then", token),
            "while" => self.open_head(Opener::Loop, "do", token),
            "repeat" => self.open(Opener::Repeat, token),
            "do" => match self.open.last_mut() {
                Some(open) if open.awaits == Some("do") => open.awaits = None,
                _ => {
                    if self.in_head() {
                        return self.end_of_head_missing();
                    }
                    self.statement();
                    self.open(Opener::Do, token);
                }
            },
            "then" | "else" | "elseif" => {
                self.reset_operators();
                if !self.divides_if(word) {
                    return;
                }
            }
            _ => {}
        }
        self.cursor.bump();
        self.before = match word {
            "repeat" | "do" | "then" | "else" => Before::Statement,
            "return" => Before::Opening,
            _ => Before::Operator,
        };
    }

    /// Whether the innermost block is an `if`, to which `then`, `else` and `elseif` belong.
    fn divides_if(&mut self, word: &str) -> bool {
        let Some(token) = self.cursor.peek(0) else { return false };
        match self.open.last_mut() {
            Some(open) if open.opener == Opener::If && open.awaits.is_some() == (word == "then") => {
                open.awaits = if word == "elseif" { Some("then") } else { None };
                open.has_returned = false;
                let is_second = open.has_else;
                open.has_else |= word == "else";
                let opened = open.token;
                if is_second && word != "then" {
                    self.second_else(opened);
                }
                true
            }
            Some(open) if open.awaits.is_some() => {
                self.end_of_head_missing();
                false
            }
            Some(open) if word != "then" => {
                let open = *open;
                self.unclosed_before(open, token);
                false
            }
            _ => {
                let span = self.span_of(token);
                self.report(
                    Diagnostic::error("P0001", Some(span), format!("syntax error: `{word}` without `if`"))
                        .label("no `if` is open here")
                        .explain(format!("`{word}` belongs to an `if` of the same block."))
                        .hint("Remove it, or complete the `if` above."),
                );
                self.give_up(token.start);
                false
            }
        }
    }

    /// `else` or `elseif` behind the `else` of the `if` at `opened`.
    fn second_else(&mut self, opened: Token) {
        let word = self.cursor.text(0);
        let title = format!("syntax error: `{word}` behind the `else` of its `if`");
        let opened = self.span_of(opened);
        let found = Diagnostic::error("P0001", Some(self.cursor.span()), title)
            .explain("The `else` is the last part of an `if`, and there is one.")
            .hint("Use `elseif` for all conditions but the first, or close the `if` with `end` before.")
            .related(opened, "the `if` it belongs to");
        self.report(found);
    }

    /// Opens a block with a head, which ends with `word`.
    pub(super) fn open_head(&mut self, opener: Opener, word: &'static str, token: Token) {
        self.open(opener, token);
        if let Some(open) = self.open.last_mut() {
            open.awaits = Some(word);
        }
    }

    fn goto(&mut self) {
        self.cursor.bump();
        match self.cursor.kind(0) {
            Some(TokenKind::Name) => self.cursor.bump(),
            Some(TokenKind::Keyword) if !self.cursor.starts_line() => {
                self.reserved("a label", "Choose another name for the label.");
                self.cursor.bump();
            }
            _ => {
                self.name_expected("a label");
                if !self.cursor.starts_line() {
                    self.drop_token();
                }
            }
        }
        self.before = Before::Statement;
    }

    /// `break` may stand in mid-block, where full_moon is shown a label in its place.
    fn break_statement(&mut self) {
        let start = self.cursor.start();
        self.cursor.bump();
        self.before = Before::Statement;
        let next = if self.cursor.is(";") { 1 } else { 0 };
        let is_last = matches!(self.cursor.text(next), "" | "end" | "else" | "elseif" | "until");
        if !is_last {
            self.notes.breaks.insert(start);
            self.patches.push((start, "::_::"));
        }
    }

    /// The current token is a reserved word where only a name can stand.
    pub(super) fn reserved(&mut self, what: &str, hint: &str) {
        let word = self.cursor.text(0);
        if let Some(shown) = self.shown.get_mut(self.cursor.at) {
            *shown = Shown::AsName;
        }
        let found = Diagnostic::error(
            "P0001",
            Some(self.cursor.span()),
            format!("syntax error: `{word}` is a reserved word"),
        )
        .label("a name is expected")
        .explain(format!("Lua reserves `{word}` for its grammar, so it cannot be the name of {what}."))
        .hint(hint);
        self.report(found);
    }
}
