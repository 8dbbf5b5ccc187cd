//! The heads of functions: name, type parameters, parameters, results.

use super::balance::Opener;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::hir::Type;
use crate::parse::notes::Signature;
use crate::parse::types::{self, Place};

/// How a function gets its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// `local function f`
    Plainly,
    /// `function a.b:m`
    AsPlace,
    /// It is a value.
    Not,
}

/// A parameter's name and type.
pub struct Param {
    pub start: usize,
    pub name: String,
    pub ty: Option<Type>,
}

/// What stands between the parentheses of a function's head.
#[derive(Default)]
pub struct Params {
    pub params: Vec<Param>,
    pub variadic: Option<Type>,
}

impl Prepass<'_> {
    /// `function` of a statement or an operand; the cursor stands at the word.
    pub(super) fn function(&mut self) {
        if self.before == Before::Operand && self.in_head() {
            self.end_of_head_missing();
        }
        if self.may_start_statement() {
            self.statement();
            return self.function_of(Named::AsPlace);
        }
        if self.before == Before::Operand || self.before == Before::Member {
            self.value(false);
            self.cursor.at -= 1;
        }
        self.function_of(Named::Not);
    }

    /// `function [name] [<T>] (params) [: results]`; the cursor stands at `function`.
    pub(super) fn function_of(&mut self, named: Named) {
        let Some(token) = self.cursor.peek(0) else { return };
        self.cursor.bump();
        match named {
            Named::AsPlace => self.function_name(),
            Named::Plainly => {
                if self.take_name("a local function") {
                    self.refuse_path("a local function");
                }
            }
            Named::Not if self.cursor.is_name(0) => self.named_value(),
            Named::Not => {}
        }
        let type_parameters = self.type_parameters();
        let paren = self.cursor.start();
        if self.cursor.is("(") {
            let Params { params, variadic } = self.params();
            for param in params {
                if let Some(ty) = param.ty {
                    self.notes.types.insert(param.start, ty);
                }
            }
            let results = self.results();
            if !type_parameters.is_empty() || variadic.is_some() || results.is_some() {
                self.notes.signatures.insert(paren, Signature { type_parameters, variadic, results });
            }
        } else {
            let title = format!("syntax error: `(` expected before {}", self.cursor.described());
            let found = Diagnostic::error("P0001", Some(self.cursor.span()), title);
            self.report(
                found
                    .explain("A function's parameters stand in parentheses, also where there are none.")
                    .hint("Write `()` behind the name."),
            );
        }
        self.open(Opener::Function, token);
        if let Some(open) = self.open.last_mut() {
            open.is_operand = named == Named::Not;
        }
        self.before = Before::Statement;
    }

    /// `x = function f() end`
    fn named_value(&mut self) {
        let title = "syntax error: a function that is a value has no name";
        let found = Diagnostic::error("P0001", Some(self.cursor.span()), title);
        self.report(
            found
                .explain("The function gets its name from the variable or field it is assigned to.")
                .hint("Remove the name, or declare the function in a statement of its own."),
        );
        self.drop_token();
    }

    /// `a.b.c:m`
    fn function_name(&mut self) {
        loop {
            if !self.take_name("a function") {
                return;
            }
            let sign = self.cursor.text(0);
            if !matches!(sign, "." | ":") {
                return;
            }
            self.cursor.bump();
            if sign == ":" {
                if self.take_name("a method") && matches!(self.cursor.text(0), "." | ":") {
                    self.refuse_behind_method();
                }
                return;
            }
        }
    }

    /// `a:m.x`: nothing but the parameters follows the name of a method.
    fn refuse_behind_method(&mut self) {
        let title = format!("syntax error: `(` expected before {}", self.cursor.described());
        let found = Diagnostic::error("P0001", Some(self.cursor.span()), title);
        self.report(
            found
                .explain("A colon stands before the last part of a function's name: the method.")
                .hint("Write `function a.b:method()`, or a dot in place of the colon."),
        );
        self.drop_path();
    }

    /// `<T, U: Bound>`, hidden.
    pub(super) fn type_parameters(&mut self) -> Vec<(String, Option<Type>)> {
        if !self.cursor.is("<") {
            return Vec::new();
        }
        let from = self.cursor.at;
        let result = types::read_parameters(&mut self.cursor);
        let parameters = self.recover_from(result, from);
        self.drop_from(from);
        parameters.unwrap_or_default()
    }

    /// `(a: T, b, ...: U)`; the cursor stands at the `(`. Stops at what does not belong there.
    pub(super) fn params(&mut self) -> Params {
        self.cursor.bump();
        let mut params = Params::default();
        loop {
            if self.cursor.take("...") {
                params.variadic = self.annotated(Place::Ordinary);
                break;
            }
            if self.cursor.is(")") {
                break;
            }
            let (start, name) = (self.cursor.start(), self.cursor.text(0).to_owned());
            if !self.take_name("a parameter") {
                self.skip_params();
                break;
            }
            let ty = self.annotated(Place::Ordinary);
            params.params.push(Param { start, name, ty });
            if !self.cursor.take(",") {
                break;
            }
        }
        if !self.cursor.take(")") {
            let title = format!("syntax error: `)` or `,` expected before {}", self.cursor.described());
            let found = Diagnostic::error("P0001", Some(self.cursor.span()), title);
            self.report(
                found
                    .explain("Parameters are names, separated by commas; `...` comes last.")
                    .hint("Separate the parameters, or close the list."),
            );
            self.skip_params();
            self.cursor.take(")");
        }
        params
    }

    /// Skips to the `)` of the parameters, if it stands on the same line.
    fn skip_params(&mut self) {
        while !self.cursor.is(")") && !self.cursor.starts_line() {
            self.cursor.bump();
        }
    }

    /// `: results` behind the parameters, hidden.
    pub(super) fn results(&mut self) -> Option<Vec<Type>> {
        let from = self.cursor.at;
        if !self.cursor.take(":") {
            return None;
        }
        let result = types::read_results(&mut self.cursor);
        let results = self.recover_from(result, from);
        self.drop_from(from);
        results
    }
}
