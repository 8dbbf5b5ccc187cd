//! Expressions.

use full_moon::ast::{self, Expression as Syntax};

use super::Resolver;
use super::literal;
use super::scope::name_of;
use crate::diagnostics::Diagnostic;
use crate::hir::{BinaryOp, Expr, ExprId, ExprKind, TableItem, UnaryOp};
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

    pub(super) fn expression(&mut self, expression: &Syntax) -> ExprId {
        let span = self.span(expression);
        let kind = match expression {
            Syntax::Symbol(token) => match name_of(token).as_str() {
                "nil" => ExprKind::Nil,
                "true" => ExprKind::True,
                "false" => ExprKind::False,
                _ => self.vararg(span),
            },
            Syntax::Number(token) => match literal::number(&name_of(token)) {
                Some(kind) => kind,
                None => self.malformed(
                    span,
                    "P0006",
                    "malformed number",
                    "A digit run ends in letters that belong to no number.",
                ),
            },
            Syntax::String(token) => match literal::string(&name_of(token)) {
                Ok(bytes) => ExprKind::String(bytes),
                Err(text) => self.malformed(
                    span,
                    "P0007",
                    text,
                    "The backslash starts an escape that Lua does not know.",
                ),
            },
            Syntax::Parentheses { expression, .. } => {
                let inner = self.expression(expression);
                if !self.may_give_several(inner) {
                    return inner;
                }
                ExprKind::Single(inner)
            }
            Syntax::Function(function) => {
                ExprKind::Function(self.function(None, function.body(), false, span))
            }
            Syntax::FunctionCall(call) => return self.call(call),
            Syntax::TableConstructor(table) => self.table(table),
            Syntax::Var(variable) => return self.variable(variable),
            Syntax::UnaryOperator { unop, expression } => {
                let operand = self.expression(expression);
                let op = match unop {
                    ast::UnOp::Minus(_) => UnaryOp::Negate,
                    ast::UnOp::Not(_) => UnaryOp::Not,
                    ast::UnOp::Hash(_) => UnaryOp::Length,
                    _ => UnaryOp::BitNot,
                };
                ExprKind::Unary { op, operand }
            }
            Syntax::BinaryOperator { lhs, binop, rhs } => self.binary(lhs, binop, rhs),
            _ => {
                self.unsupported(span, "this expression");
                ExprKind::Nil
            }
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

    fn malformed(&mut self, span: Span, code: &'static str, title: &str, explanation: &str) -> ExprKind {
        let found = Diagnostic::error(code, Some(span), title).explain(explanation);
        self.diagnostics.push(found.hint("Correct the literal."));
        ExprKind::Nil
    }

    fn may_give_several(&self, expression: ExprId) -> bool {
        matches!(
            self.unit.exprs[expression].kind,
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg
        )
    }

    fn binary(&mut self, lhs: &Syntax, op: &ast::BinOp, rhs: &Syntax) -> ExprKind {
        let left = self.expression(lhs);
        let right = self.expression(rhs);
        let op = match name_of(op.token()).as_str() {
            "and" => return ExprKind::And { left, right },
            "or" => return ExprKind::Or { left, right },
            ".." => {
                // The operator is right-associative: a chain nests on the right, unless bracketed.
                let nested = match rhs {
                    Syntax::Parentheses { .. } => None,
                    _ => match &self.unit.exprs[right].kind {
                        ExprKind::Concat(parts) => Some(parts.clone()),
                        _ => None,
                    },
                };
                let mut parts = vec![left];
                parts.extend(nested.unwrap_or_else(|| vec![right]));
                return ExprKind::Concat(parts);
            }
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Subtract,
            "*" => BinaryOp::Multiply,
            "/" => BinaryOp::Divide,
            "//" => BinaryOp::FloorDivide,
            "%" => BinaryOp::Modulo,
            "^" => BinaryOp::Power,
            "&" => BinaryOp::BitAnd,
            "|" => BinaryOp::BitOr,
            "~" => BinaryOp::BitXor,
            "<<" => BinaryOp::ShiftLeft,
            ">>" => BinaryOp::ShiftRight,
            "==" => BinaryOp::Equal,
            "~=" => BinaryOp::NotEqual,
            "<" => BinaryOp::Less,
            "<=" => BinaryOp::LessEqual,
            ">" => BinaryOp::Greater,
            _ => BinaryOp::GreaterEqual,
        };
        ExprKind::Binary { op, left, right }
    }

    fn table(&mut self, table: &ast::TableConstructor) -> ExprKind {
        let mut items = Vec::new();
        for field in table.fields() {
            items.push(match field {
                ast::Field::ExpressionKey { key, value, .. } => {
                    let key = self.expression(key);
                    TableItem::Keyed { key, value: self.expression(value) }
                }
                ast::Field::NameKey { key, value, .. } => {
                    TableItem::Named { name: name_of(key), value: self.expression(value) }
                }
                ast::Field::NoKey(value) => TableItem::Positional(self.expression(value)),
                _ => continue,
            });
        }
        ExprKind::Table(items)
    }

    pub(super) fn variable(&mut self, variable: &ast::Var) -> ExprId {
        match variable {
            ast::Var::Name(name) => self.name(name),
            ast::Var::Expression(expression) => {
                let suffixes: Vec<_> = expression.suffixes().collect();
                self.suffixed(expression.prefix(), &suffixes)
            }
            _ => self.push(ExprKind::Nil, Span::new(self.file, 0, 0)),
        }
    }

    fn name(&mut self, name: &full_moon::tokenizer::TokenReference) -> ExprId {
        let span = self.span(name);
        let kind = self.lookup(&name_of(name));
        let read = self.push(kind, span);
        self.mark_read(read);
        read
    }

    pub(super) fn call(&mut self, call: &ast::FunctionCall) -> ExprId {
        let suffixes: Vec<_> = call.suffixes().collect();
        self.suffixed(call.prefix(), &suffixes)
    }

    /// A prefix with the indexes and calls behind it.
    fn suffixed(&mut self, prefix: &ast::Prefix, suffixes: &[&ast::Suffix]) -> ExprId {
        let start = self.span(prefix);
        let mut value = match prefix {
            ast::Prefix::Name(name) => self.name(name),
            ast::Prefix::Expression(expression) => self.expression(expression),
            _ => self.push(ExprKind::Nil, start),
        };
        for suffix in suffixes {
            let span = start.to(self.span(*suffix));
            let kind = match suffix {
                ast::Suffix::Index(ast::Index::Dot { name, .. }) => {
                    ExprKind::Field { base: value, name: name_of(name) }
                }
                ast::Suffix::Index(ast::Index::Brackets { expression, .. }) => {
                    let key = self.expression(expression);
                    match self.field_name(key) {
                        Some(name) => ExprKind::Field { base: value, name },
                        None => ExprKind::Index { base: value, key },
                    }
                }
                ast::Suffix::Call(ast::Call::AnonymousCall(args)) => {
                    ExprKind::Call { callee: value, args: self.arguments(args) }
                }
                ast::Suffix::Call(ast::Call::MethodCall(method)) => {
                    let args = self.arguments(method.args());
                    ExprKind::MethodCall { receiver: value, name: name_of(method.name()), args }
                }
                _ => {
                    self.unsupported(span, "this suffix");
                    continue;
                }
            };
            value = self.push(kind, span);
        }
        value
    }

    /// A constant key that is text.
    fn field_name(&self, key: ExprId) -> Option<String> {
        match &self.unit.exprs[key].kind {
            ExprKind::String(bytes) => String::from_utf8(bytes.clone()).ok(),
            _ => None,
        }
    }

    fn arguments(&mut self, args: &ast::FunctionArgs) -> Vec<ExprId> {
        match args {
            ast::FunctionArgs::Parentheses { arguments, .. } => {
                arguments.iter().map(|argument| self.expression(argument)).collect()
            }
            ast::FunctionArgs::String(token) => {
                let span = self.span(token);
                let kind = match literal::string(&name_of(token)) {
                    Ok(bytes) => ExprKind::String(bytes),
                    Err(text) => self.malformed(
                        span,
                        "P0007",
                        text,
                        "The backslash starts an escape that Lua does not know.",
                    ),
                };
                vec![self.push(kind, span)]
            }
            ast::FunctionArgs::TableConstructor(table) => {
                let span = self.span(&**table);
                let kind = self.table(table);
                vec![self.push(kind, span)]
            }
            _ => Vec::new(),
        }
    }
}
