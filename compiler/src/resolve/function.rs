//! Functions: their parameters, bodies and the places they are assigned to.

use full_moon::ast::{self, Parameter};
use full_moon::node::Node;
use full_moon::tokenizer::TokenReference;

use super::scope::Frame;
use super::{Resolver, name_of};
use crate::hir::{ExprKind, Function, FunctionId, LocalKind, StmtKind};
use crate::source::Span;

impl Resolver<'_> {
    /// `function a.b.c:m() ... end`: an assignment to that place.
    pub(super) fn declaration(&mut self, declaration: &ast::FunctionDeclaration, span: Span) -> StmtKind {
        let name = declaration.name();
        let method = name.method_name();
        let parts: Vec<&TokenReference> = name.names().iter().chain(method).collect();
        let Some((first, fields)) = parts.split_first() else { return StmtKind::Do(Vec::new()) };
        let mut text = name.names().iter().map(name_of).collect::<Vec<_>>().join(".");
        if let Some(method) = method {
            text = format!("{text}:{}", name_of(method));
        }
        let start = self.span(*first);
        let mut place = self.lookup(name_of(first), start);
        if fields.is_empty() {
            self.mark_written(place);
        } else {
            self.mark_read(place);
        }
        for field in fields {
            let kind = ExprKind::Field { base: place, name: name_of(field).to_owned() };
            place = self.push(kind, start.to(self.span(*field)));
        }
        let function = self.function(Some(text), declaration.body(), method, span);
        let value = self.push(ExprKind::Function(function), span);
        StmtKind::Assign { targets: vec![place], values: vec![value] }
    }

    /// A function body; the name of a `method` brings `self`.
    pub(super) fn function(
        &mut self,
        name: Option<String>,
        body: &ast::FunctionBody,
        method: Option<&TokenReference>,
        span: Span,
    ) -> FunctionId {
        let end = body.end_position().map_or(span.end as usize, |position| position.bytes());
        let paren = self.span(body.parameters_parentheses().tokens().0).start as usize;
        let signature = self.chunk.notes.signatures.get(&paren).cloned().unwrap_or_default();
        let id = self.unit.functions.push(Function {
            name,
            parent: Some(self.current),
            params: Vec::new(),
            is_vararg: false,
            captures: Vec::new(),
            body: Vec::new(),
            span: Span::new(self.file, span.start as usize, end),
            result_types: signature.results,
            type_parameters: signature.type_parameters,
            vararg_type: signature.variadic,
        });
        let outer = std::mem::replace(&mut self.current, id);
        self.frames.push(Frame::new(id));
        self.open_block();
        self.params(id, body, method);
        let head = Span::new(self.file, paren, self.head_end(body));
        self.read_typeofs(head);
        // Parameters and body are one scope: a label of the body does not jump into theirs.
        let statements = self.block(body.block());
        self.close_block();
        self.close_frame();
        self.current = outer;
        self.unit.functions[id].body = statements;
        id
    }

    fn params(&mut self, id: FunctionId, body: &ast::FunctionBody, method: Option<&TokenReference>) {
        if let Some(method) = method {
            let span = self.span(method);
            let local = self.declare_named("self", LocalKind::Param, Span { end: span.start, ..span });
            self.unit.functions[id].params.push(local);
        }
        for parameter in body.parameters() {
            match parameter {
                Parameter::Name(name) => {
                    let local = self.declare(name, LocalKind::Param);
                    self.unit.functions[id].params.push(local);
                }
                Parameter::Ellipsis(_) => self.unit.functions[id].is_vararg = true,
                _ => {}
            }
        }
    }

    /// Where the body's first statement begins; types of the results stand before.
    fn head_end(&self, body: &ast::FunctionBody) -> usize {
        let first = body.block().start_position().map(|position| position.bytes());
        first.unwrap_or_else(|| self.span(body.end_token()).start as usize)
    }
}
