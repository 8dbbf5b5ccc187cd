//! The heads of `local` and `for`, where names carry types and attributes.

use super::balance::Opener;
use super::functions::Named;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::hir::Type;
use crate::parse::cursor::Parsed;
use crate::parse::lexer::TokenKind;
use crate::parse::notes::Attribute;
use crate::parse::types::{self, Place};

impl Prepass<'_> {
    /// `local a: T <const>, b`; the cursor stands at `local`.
    pub(super) fn local(&mut self) {
        self.cursor.bump();
        if self.cursor.is("function") {
            return self.function_of(Named::Plainly);
        }
        loop {
            let name = self.cursor.start();
            if !self.take_name("a variable") {
                break;
            }
            self.attribute(name);
            self.annotation(name, Place::Local);
            self.attribute(name);
            if !self.cursor.take(",") {
                break;
            }
        }
        self.refuse_path("a local variable");
        self.before = Before::Operand;
    }

    /// `local a.b`: the name goes on.
    pub(super) fn refuse_path(&mut self, what: &str) {
        let is_path = matches!(self.cursor.text(0), "." | ":") && !self.cursor.starts_line();
        if !is_path {
            return;
        }
        let title = format!("syntax error: the name of {what} is one word");
        let found = Diagnostic::error("P0001", Some(self.cursor.span()), title);
        self.report(
            found
                .explain("What `local` declares is no field of a table; fields are assigned without it.")
                .hint("Remove the `local`, or what follows the name."),
        );
        self.drop_path();
    }

    /// Hides `.b:c` at the cursor.
    pub(super) fn drop_path(&mut self) {
        let from = self.cursor.at;
        while matches!(self.cursor.text(0), "." | ":") {
            self.cursor.bump();
            if self.cursor.is_name(0) {
                self.cursor.bump();
            }
        }
        self.drop_from(from);
    }

    /// Takes a name. What stands there else is reported; a reserved word is taken as the name.
    pub(super) fn take_name(&mut self, what: &str) -> bool {
        match self.cursor.kind(0) {
            Some(TokenKind::Name) => {}
            Some(TokenKind::Keyword) if !self.cursor.starts_line() => {
                self.reserved(what, "Choose another name.")
            }
            _ => {
                self.name_expected(what);
                return false;
            }
        }
        self.cursor.bump();
        true
    }

    /// `<const>` or `<close>` of the variable that starts at `name`.
    fn attribute(&mut self, name: usize) {
        if !self.cursor.is("<") {
            return;
        }
        let from = self.cursor.at;
        let word = self.cursor.text(1);
        let known = match (word, self.cursor.text(2)) {
            ("const", ">") => Some(Attribute::Const),
            ("close", ">") => Some(Attribute::Close),
            _ => None,
        };
        self.cursor.bump();
        match known {
            Some(known) => {
                self.notes.attributes.insert(name, known);
            }
            None => {
                let title = format!("unknown attribute '{word}'");
                let found = Diagnostic::error("P0012", Some(self.cursor.span()), title);
                self.report(
                    found
                        .explain("A variable's attribute is `<const>` or `<close>`.")
                        .hint("Use one of the two, or remove it. A type is written `name: Type`."),
                );
            }
        }
        if self.cursor.is_name(0) {
            self.cursor.bump();
        }
        self.cursor.take(">");
        self.drop_from(from);
    }

    /// `: T` behind the name that starts at `name`.
    fn annotation(&mut self, name: usize, place: Place) {
        if let Some(ty) = self.annotated(place) {
            self.notes.types.insert(name, ty);
        }
    }

    /// Reads and hides `: T`, if it is there.
    pub(super) fn annotated(&mut self, place: Place) -> Option<Type> {
        let from = self.cursor.at;
        if self.cursor.is("?:") {
            let found =
                Diagnostic::error("P0010", Some(self.cursor.span()), "a variable's name takes no `?`");
            self.report(
                found
                    .explain("Only a record's field is optional by its name. A variable or parameter is optional by its type.")
                    .hint("Write `name: Type?`."),
            );
        } else if !self.cursor.is(":") {
            return None;
        }
        self.cursor.bump();
        let result = types::read(&mut self.cursor, place);
        let ty = self.recover_from(result, from);
        self.drop_from(from);
        ty
    }

    /// `for a, b`: loop variables carry no types. The cursor stands at `for`.
    pub(super) fn for_head(&mut self) {
        let Some(token) = self.cursor.peek(0) else { return };
        self.open_head(Opener::Loop, "do", token);
        self.cursor.bump();
        loop {
            if self.cursor.is("in") {
                self.name_expected("a variable");
                break;
            }
            if !self.take_name("a variable") {
                break;
            }
            if matches!(self.cursor.text(0), ":" | "?:") {
                let colon = self.cursor.span();
                self.report(
                    Diagnostic::error("P0010", Some(colon), "a loop variable takes no type")
                        .explain("The variables of a `for` get their types from what the loop runs over.")
                        .hint("Remove the annotation."),
                );
                let from = self.cursor.at;
                self.cursor.bump();
                // The fault is told; whether the type itself reads well matters no more.
                if types::read(&mut self.cursor, Place::Ordinary).is_err() {
                    self.skip_type(from);
                }
                self.drop_from(from);
            }
            if !self.cursor.take(",") {
                break;
            }
        }
        self.before = Before::Operand;
    }

    /// What was read; or nothing, with the fault reported and the rest of the type skipped.
    pub(super) fn recover_from<T>(&mut self, result: Parsed<T>, from: usize) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(found) => {
                self.report(*found);
                self.skip_type(from);
                None
            }
        }
    }

    /// Skips to where the type that began at the token `from` must be over: a line end, or a token
    /// that separates, outside its brackets; or a word that begins or ends a statement.
    fn skip_type(&mut self, from: usize) {
        let mut depth = 0usize;
        for token in self.cursor.tokens.get(from..self.cursor.at).unwrap_or_default() {
            match token.text(self.cursor.source) {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        while let Some(token) = self.cursor.peek(0) {
            let text = self.cursor.text(0);
            let is_word = token.kind == TokenKind::Keyword && !matches!(text, "nil" | "true" | "false");
            if is_word && (token.starts_line || text != "function") {
                break;
            }
            if depth == 0 && (token.starts_line || matches!(text, "=" | "," | ")" | "}" | "]" | ";")) {
                break;
            }
            match text {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth -= 1,
                _ => {}
            }
            self.cursor.bump();
        }
    }
}
