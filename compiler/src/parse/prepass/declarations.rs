//! `type Name = ...` and `interface Name ... end`: statements that full_moon never sees.

use super::functions::Params;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::hir::{FieldType, Type, TypeDeclaration, TypeKind};
use crate::parse::cursor::Parsed;
use crate::parse::lexer::TokenKind;
use crate::parse::types::{self, Place};

impl Prepass<'_> {
    /// `type Name<T> = type`; the cursor stands at `type`.
    pub(super) fn type_declaration(&mut self) {
        self.hidden_statement(|prepass| {
            let start = prepass.cursor.start();
            prepass.cursor.bump();
            let name = prepass.cursor.text(0).to_owned();
            prepass.cursor.bump();
            let parameters = prepass.type_parameters();
            let from = prepass.cursor.at;
            if !prepass.cursor.take("=") {
                return prepass.no_body(&name);
            }
            let result = types::read(&mut prepass.cursor, Place::Ordinary);
            let body = prepass.recover_from(result, from);
            let span = prepass.cursor.span_from(start);
            let (supers, members) = (Vec::new(), Vec::new());
            prepass.notes.declarations.push(TypeDeclaration {
                name,
                parameters,
                body,
                supers,
                members,
                span,
            });
        });
    }

    fn no_body(&mut self, name: &str) {
        let found =
            Diagnostic::error("P0004", Some(self.cursor.span()), "`=` expected in a type declaration")
                .label(format!("found {}", self.cursor.described()))
                .explain("A type declaration gives a name to a type.")
                .hint(format!("Write `type {name} = ...`."));
        self.report(found);
    }

    /// Reads a statement with `read` and hides all of it. Where a statement without `;` stands
    /// before it, one is shown in its place, so that the next line is not taken for its continuation.
    fn hidden_statement(&mut self, read: impl FnOnce(&mut Self)) {
        let (from, start) = (self.cursor.at, self.cursor.start());
        self.statement();
        read(self);
        self.drop_from(from);
        if self.before == Before::Operand {
            self.patches.push((start, ";"));
        }
        self.before = Before::Statement;
    }

    /// `interface Name: Super function m(self): T end`; the cursor stands at `interface`.
    pub(super) fn interface_declaration(&mut self) {
        self.hidden_statement(|prepass| {
            let start = prepass.cursor.start();
            prepass.cursor.bump();
            let name = prepass.cursor.text(0).to_owned();
            prepass.cursor.bump();
            let parameters = prepass.type_parameters();
            let faults = prepass.diagnostics.len();
            let supers = match prepass.supers() {
                Ok(supers) => supers,
                Err(found) => {
                    prepass.report(*found);
                    Vec::new()
                }
            };
            let members = match prepass.members() {
                Ok(members) => members,
                Err(found) => {
                    if prepass.diagnostics.len() == faults {
                        prepass.report(*found);
                    }
                    prepass.skip_interface();
                    Vec::new()
                }
            };
            let span = prepass.cursor.span_from(start);
            let body = None;
            prepass.notes.declarations.push(TypeDeclaration {
                name,
                parameters,
                body,
                supers,
                members,
                span,
            });
        });
    }

    /// `: A, b.B`
    fn supers(&mut self) -> Parsed<Vec<Type>> {
        let mut supers = Vec::new();
        if self.cursor.take(":") {
            supers.push(types::read(&mut self.cursor, Place::Ordinary)?);
            while self.cursor.take(",") {
                supers.push(types::read(&mut self.cursor, Place::Ordinary)?);
            }
        }
        Ok(supers)
    }

    /// Methods and fields up to `end`.
    fn members(&mut self) -> Parsed<Vec<FieldType>> {
        let mut members = Vec::new();
        while !self.cursor.take("end") {
            let is_field = self.cursor.is_name(0) && matches!(self.cursor.text(1), ":" | "?:");
            if self.cursor.is("function") && self.cursor.is_name(1) {
                members.push(self.method());
            } else if is_field {
                let name = self.cursor.text(0).to_owned();
                let is_optional = self.cursor.text(1) == "?:";
                self.cursor.bump();
                self.cursor.bump();
                let ty = types::read(&mut self.cursor, Place::Ordinary)?;
                members.push(FieldType { name, is_optional, ty });
            } else {
                return self.no_member();
            }
            while matches!(self.cursor.text(0), "," | ";") {
                self.cursor.bump();
            }
        }
        Ok(members)
    }

    fn no_member<T>(&self) -> Parsed<T> {
        Err(Box::new(
            Diagnostic::error(
                "P0004",
                Some(self.cursor.span()),
                "`function` or `end` expected in an interface",
            )
            .label(format!("found {}", self.cursor.described()))
            .explain("An interface lists methods without bodies: `function name(self, x: T): R`.")
            .hint("Complete the method, or close the interface with `end`."),
        ))
    }

    /// `function name(params): results`
    fn method(&mut self) -> FieldType {
        let start = self.cursor.start();
        self.cursor.bump();
        let name = self.cursor.text(0).to_owned();
        self.cursor.bump();
        self.type_parameters();
        let Params { params, variadic } = if self.cursor.is("(") { self.params() } else { Params::default() };
        let results = self.results().unwrap_or_default();
        let span = self.cursor.span_from(start);
        let any =
            || Type { kind: TypeKind::Named { path: vec!["any".to_owned()], arguments: Vec::new() }, span };
        let params =
            params.into_iter().map(|param| (Some(param.name), param.ty.unwrap_or_else(any))).collect();
        let kind = TypeKind::Function { params, variadic: variadic.map(Box::new), results };
        FieldType { name, is_optional: false, ty: Type { kind, span } }
    }

    /// Skips to behind the interface's `end`, or to a word that begins another statement.
    fn skip_interface(&mut self) {
        while self.cursor.peek(0).is_some() && !self.cursor.take("end") {
            let begins = self.cursor.kind(0) == Some(TokenKind::Keyword)
                && matches!(self.cursor.text(0), "local" | "return" | "if" | "for" | "while");
            if begins {
                return;
            }
            self.cursor.bump();
        }
    }
}
