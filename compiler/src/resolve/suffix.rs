//! A value with the indexes and calls behind it: `a.b[c](d):e()`.

use full_moon::ast::{self, Expression as Syntax};

use super::{Resolver, name_of};
use crate::hir::{ExprId, ExprKind};
use crate::source::Span;

impl Resolver<'_> {
    pub(super) fn variable(&mut self, variable: &ast::Var) -> ExprId {
        match variable {
            ast::Var::Name(name) => self.name(name),
            ast::Var::Expression(expression) => self.suffixed(expression.prefix(), expression.suffixes()),
            _ => self.push(ExprKind::Nil, Span::new(self.file, 0, 0)),
        }
    }

    /// A name that is read.
    fn name(&mut self, name: &full_moon::tokenizer::TokenReference) -> ExprId {
        let span = self.span(name);
        let read = self.lookup(name_of(name), span);
        self.mark_read(read);
        self.note_casts(read);
        read
    }

    pub(super) fn call(&mut self, call: &ast::FunctionCall) -> ExprId {
        self.suffixed(call.prefix(), call.suffixes())
    }

    fn suffixed<'s>(
        &mut self,
        prefix: &ast::Prefix,
        suffixes: impl Iterator<Item = &'s ast::Suffix>,
    ) -> ExprId {
        let start = self.span(prefix);
        let mut value = match prefix {
            ast::Prefix::Name(name) => self.name(name),
            ast::Prefix::Expression(expression) => self.expression(expression),
            _ => self.push(ExprKind::Nil, start),
        };
        for suffix in suffixes {
            let span = start.to(self.suffix_span(suffix));
            let kind = match suffix {
                ast::Suffix::Index(ast::Index::Dot { name, .. }) => {
                    ExprKind::Field { base: value, name: name_of(name).to_owned() }
                }
                ast::Suffix::Index(ast::Index::Brackets { expression, .. }) => self.index(value, expression),
                ast::Suffix::Call(ast::Call::AnonymousCall(args)) => {
                    ExprKind::Call { callee: value, args: self.arguments(args) }
                }
                ast::Suffix::Call(ast::Call::MethodCall(method)) => {
                    let args = self.arguments(method.args());
                    ExprKind::MethodCall { receiver: value, name: name_of(method.name()).to_owned(), args }
                }
                _ => {
                    self.unsupported(span, "this suffix");
                    continue;
                }
            };
            value = self.push(kind, span);
            value = self.cast(value);
        }
        value
    }

    /// The parser's own answer leaves out the `]` of an index.
    fn suffix_span(&self, suffix: &ast::Suffix) -> Span {
        match suffix {
            ast::Suffix::Index(ast::Index::Brackets { brackets, .. }) => self.span(brackets),
            other => self.span(other),
        }
    }

    /// `base[key]`; a key that is a text is a field.
    fn index(&mut self, base: ExprId, key: &Syntax) -> ExprKind {
        if let Syntax::String(token) = key
            && let Ok(name) = String::from_utf8(self.literal_bytes(self.span(token)))
        {
            return ExprKind::Field { base, name };
        }
        ExprKind::Index { base, key: self.expression(key) }
    }

    fn arguments(&mut self, args: &ast::FunctionArgs) -> Vec<ExprId> {
        match args {
            ast::FunctionArgs::Parentheses { arguments, .. } => self.list(arguments),
            ast::FunctionArgs::String(token) => vec![self.string(token)],
            ast::FunctionArgs::TableConstructor(table) => vec![self.table(table)],
            _ => Vec::new(),
        }
    }
}
