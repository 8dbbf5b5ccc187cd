//! Expressions: literals, tables, functions and what is in parentheses.

use full_moon::ast::{self, Expression as Syntax};
use full_moon::tokenizer::{Symbol, TokenReference, TokenType};

use super::{Resolver, name_of};
use crate::diagnostics::Diagnostic;
use crate::hir::{Expr, ExprId, ExprKind, TableItem};
use crate::parse::literal::{self, Number};
use crate::source::Span;

impl Resolver<'_> {
    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.unit.exprs.push(Expr { kind, span })
    }

    pub(super) fn mark_read(&mut self, expression: ExprId) {
        if let ExprKind::Local(local) | ExprKind::Upvalue(local) = self.unit.exprs[expression].kind {
            self.unit.locals[local].is_read = true;
        }
    }

    pub(super) fn list(&mut self, list: &ast::punctuated::Punctuated<Syntax>) -> Vec<ExprId> {
        list.iter().map(|value| self.expression(value)).collect()
    }

    pub(super) fn expression(&mut self, expression: &Syntax) -> ExprId {
        let value = match expression {
            Syntax::BinaryOperator { .. } => return self.binary(expression),
            Syntax::UnaryOperator { .. } => return self.unary(expression),
            Syntax::Parentheses { contained, expression } => {
                let inner = self.expression(expression);
                let span = self.span(contained);
                return self.parenthesised(inner, span);
            }
            Syntax::FunctionCall(call) => return self.call(call),
            Syntax::Var(variable) => return self.variable(variable),
            Syntax::Symbol(token) => self.constant(token),
            Syntax::Number(token) => self.number(token),
            Syntax::String(token) => self.string(token),
            Syntax::Function(function) => {
                let span = self.span(&**function);
                let function = self.function(None, function.body(), None, span);
                self.push(ExprKind::Function(function), span)
            }
            Syntax::TableConstructor(table) => self.table(table),
            _ => {
                let span = self.span(expression);
                self.unsupported(span, "this expression");
                self.push(ExprKind::Nil, span)
            }
        };
        self.cast(value)
    }

    /// `(e)`: kept only around what may give several values.
    fn parenthesised(&mut self, inner: ExprId, span: Span) -> ExprId {
        self.note_casts_at(span.end, inner);
        if self.may_give_several(inner) { self.push(ExprKind::Single(inner), span) } else { inner }
    }

    pub(super) fn may_give_several(&self, expression: ExprId) -> bool {
        matches!(
            self.unit.exprs[expression].kind,
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg
        )
    }

    fn constant(&mut self, token: &TokenReference) -> ExprId {
        let span = self.span(token);
        let kind = match token.token_type() {
            TokenType::Symbol { symbol: Symbol::Nil } => ExprKind::Nil,
            TokenType::Symbol { symbol: Symbol::True } => ExprKind::True,
            TokenType::Symbol { symbol: Symbol::False } => ExprKind::False,
            _ => self.vararg(span),
        };
        self.push(kind, span)
    }

    fn vararg(&mut self, span: Span) -> ExprKind {
        if !self.unit.functions[self.current].is_vararg {
            self.diagnostics.push(
                Diagnostic::error("R0005", Some(span), "cannot use '...' outside a vararg function")
                    .explain("The function around it declares no `...` parameter, so there are no further arguments.")
                    .hint("Add `...` to the parameters, or hand the values over in a table."),
            );
        }
        ExprKind::Vararg
    }

    /// Malformed literals do not get this far: the pre-pass has read them all.
    fn number(&mut self, token: &TokenReference) -> ExprId {
        let span = self.span(token);
        let kind = match literal::number(self.text(span)) {
            Some(Number::Integer(value)) => ExprKind::Integer(value),
            Some(Number::Float(value)) => ExprKind::Float(value),
            None => ExprKind::Nil,
        };
        self.push(kind, span)
    }

    /// The bytes of the string literal at a span.
    pub(super) fn literal_bytes(&self, span: Span) -> Vec<u8> {
        let bytes = literal::string(self.text(span)).unwrap_or_default();
        self.sources.file(self.file).restored(bytes)
    }

    pub(super) fn string(&mut self, token: &TokenReference) -> ExprId {
        let span = self.span(token);
        let bytes = self.literal_bytes(span);
        self.push(ExprKind::String(bytes), span)
    }

    pub(super) fn table(&mut self, table: &ast::TableConstructor) -> ExprId {
        let mut items = Vec::new();
        for field in table.fields() {
            items.push(match field {
                ast::Field::ExpressionKey { key, value, .. } => {
                    let key = self.expression(key);
                    TableItem::Keyed { key, value: self.expression(value) }
                }
                ast::Field::NameKey { key, value, .. } => {
                    let name = name_of(key).to_owned();
                    TableItem::Named { name, value: self.expression(value) }
                }
                ast::Field::NoKey(value) => TableItem::Positional(self.expression(value)),
                _ => continue,
            });
        }
        let span = self.span(table.braces());
        self.push(ExprKind::Table(items), span)
    }
}
