//! Statements.

use full_moon::ast::{self, LastStmt, Parameter, Stmt as Syntax};
use full_moon::node::Node;

use super::Resolver;
use super::scope::{Frame, name_of};
use crate::diagnostics::Diagnostic;
use crate::hir::{
    Block, Expr, ExprId, ExprKind, Function, FunctionId, LocalKind, Loop, LoopId, Stmt, StmtKind,
};
use crate::parse::Attribute;
use crate::source::Span;

impl Resolver<'_> {
    /// A block with a scope of its own.
    pub(super) fn block(&mut self, block: &ast::Block) -> Block {
        self.open_block();
        let statements = self.statements(block, false);
        self.close_block();
        statements
    }

    /// The statements of a block whose scope is open. `goes_on`: a condition behind the block sees
    /// its locals (`repeat`).
    fn statements(&mut self, block: &ast::Block, goes_on: bool) -> Block {
        let syntax: Vec<&Syntax> = block.stmts().collect();
        let mut statements = Vec::new();
        for (at, statement) in syntax.iter().enumerate() {
            let rest = syntax.get(at + 1..).unwrap_or_default();
            let only_labels = rest.iter().all(|statement| matches!(statement, Syntax::Label(_)));
            let ends_block = only_labels && block.last_stmt().is_none() && !goes_on;
            self.statement(statement, ends_block, &mut statements);
        }
        if let Some(last) = block.last_stmt() {
            let span = self.span(last);
            let kind = match last {
                LastStmt::Break(_) => self.break_statement(span),
                LastStmt::Return(values) => Some(StmtKind::Return(
                    values.returns().iter().map(|value| self.expression(value)).collect(),
                )),
                _ => None,
            };
            statements.extend(kind.map(|kind| Stmt { kind, span }));
        }
        statements
    }

    fn break_statement(&mut self, span: Span) -> Option<StmtKind> {
        if let Some(id) = self.frame().loops.last().copied() {
            self.unit.loops[id].has_break = true;
            return Some(StmtKind::Break(id));
        }
        self.diagnostics.push(
            Diagnostic::error("R0004", Some(span), "break outside a loop")
                .explain("`break` leaves the innermost loop of the function it stands in, and there is none.")
                .hint("Use `return` to leave a function."),
        );
        None
    }

    fn statement(&mut self, statement: &Syntax, ends_block: bool, into: &mut Block) {
        let span = self.span(statement);
        let kind = match statement {
            Syntax::Assignment(assignment) => {
                let targets = assignment.variables().iter().map(|target| self.target(target)).collect();
                let values = assignment.expressions().iter().map(|value| self.expression(value)).collect();
                StmtKind::Assign { targets, values }
            }
            Syntax::Do(block) => StmtKind::Do(self.block(block.block())),
            Syntax::FunctionCall(call) => StmtKind::Call(self.call(call)),
            Syntax::FunctionDeclaration(declaration) => self.declaration(declaration, span),
            Syntax::LocalAssignment(local) => self.local(local),
            Syntax::LocalFunction(function) => {
                let name = name_of(function.name());
                let local = self.declare(&name, LocalKind::Function, self.span(function.name()));
                let function = self.function(Some(name), function.body(), false, span);
                StmtKind::LocalFunction { local, function }
            }
            Syntax::If(branch) => self.branch(branch),
            Syntax::While(repeated) => {
                let condition = self.expression(repeated.condition());
                let (id, body) = self.looped(span, |resolver, _| resolver.block(repeated.block()));
                StmtKind::While { id, condition, body }
            }
            Syntax::Repeat(repeated) => {
                let (id, (body, condition)) = self.looped(span, |resolver, _| {
                    resolver.open_block();
                    let body = resolver.statements(repeated.block(), true);
                    let condition = resolver.expression(repeated.until());
                    resolver.close_block();
                    (body, condition)
                });
                StmtKind::Repeat { id, body, condition }
            }
            Syntax::NumericFor(counted) => self.numeric_for(counted, span),
            Syntax::GenericFor(each) => self.generic_for(each, span),
            Syntax::Goto(goto) => StmtKind::Goto(self.goto(name_of(goto.label_name()), span)),
            Syntax::Label(label) => {
                for label in self.label(name_of(label.name()), span, ends_block) {
                    into.push(Stmt { kind: StmtKind::Label(label), span });
                }
                return;
            }
            _ => {
                self.unsupported(span, "this statement");
                return;
            }
        };
        into.push(Stmt { kind, span });
    }

    pub(super) fn unsupported(&mut self, span: Span, what: &str) {
        self.diagnostics.push(
            Diagnostic::error("P0005", Some(span), format!("{what} is not Lua 5.3"))
                .explain(
                    "The parser knows this form from a dialect of Lua that this language does not include.",
                )
                .hint("Write it with the statements of Lua 5.3."),
        );
    }

    fn local(&mut self, local: &ast::LocalAssignment) -> StmtKind {
        let names: Vec<_> = local.names().iter().map(|name| (name_of(name), self.span(name))).collect();
        let expressions: Vec<_> = local.expressions().iter().collect();
        // `local f = function ... f() ... end`: one name and one function; the name is in scope inside.
        if let ([(name, span)], [ast::Expression::Function(function)]) =
            (names.as_slice(), expressions.as_slice())
        {
            let declared = self.declare(name, LocalKind::Variable, *span);
            let whole = self.span(&**function);
            let body = self.function(Some(name.clone()), function.body(), false, whole);
            let value = self.push(ExprKind::Function(body), whole);
            return StmtKind::Local { locals: vec![declared], values: vec![value] };
        }
        let values = expressions.into_iter().map(|value| self.expression(value)).collect();
        let locals =
            names.iter().map(|(name, span)| self.declare(name, LocalKind::Variable, *span)).collect();
        StmtKind::Local { locals, values }
    }

    /// `function a.b.c:m() ... end`: an assignment to that place.
    fn declaration(&mut self, declaration: &ast::FunctionDeclaration, span: Span) -> StmtKind {
        let name = declaration.name();
        let names: Vec<_> = name.names().iter().collect();
        let method = name.method_name();
        let mut text: String = names.iter().map(|name| name_of(name)).collect::<Vec<_>>().join(".");
        let mut parts = names.iter().map(|name| (name_of(name), self.span(*name))).collect::<Vec<_>>();
        if let Some(method) = method {
            text = format!("{text}:{}", name_of(method));
            parts.push((name_of(method), self.span(method)));
        }
        let mut parts = parts.into_iter();
        let Some((first, start)) = parts.next() else { return StmtKind::Do(Vec::new()) };
        let kind = self.lookup(&first);
        let mut place = self.push(kind, start);
        if parts.len() == 0 {
            self.mark_written(place);
        } else {
            self.mark_read(place);
        }
        for (field, end) in parts {
            place = self.push(ExprKind::Field { base: place, name: field }, start.to(end));
        }
        let function = self.function(Some(text), declaration.body(), method.is_some(), span);
        let value = self.push(ExprKind::Function(function), span);
        StmtKind::Assign { targets: vec![place], values: vec![value] }
    }

    fn target(&mut self, target: &ast::Var) -> ExprId {
        match target {
            ast::Var::Name(name) => {
                let span = self.span(name);
                let kind = self.lookup(&name_of(name));
                let place = self.push(kind, span);
                self.mark_written(place);
                place
            }
            other => self.variable(other),
        }
    }

    fn mark_written(&mut self, place: ExprId) {
        let Expr { kind: ExprKind::Local(local) | ExprKind::Upvalue(local), span } =
            self.unit.exprs[place].clone()
        else {
            return;
        };
        let declared = &mut self.unit.locals[local];
        declared.is_reassigned = true;
        let (name, declared) = (declared.name.clone(), declared.span);
        if self.chunk.attributes.contains_key(&(declared.start as usize)) {
            let attribute = self.chunk.attributes.get(&(declared.start as usize));
            let kind = if attribute == Some(&Attribute::Close) { "<close>" } else { "<const>" };
            self.diagnostics.push(
                Diagnostic::error(
                    "R0006",
                    Some(span),
                    format!("attempt to assign to const variable '{name}'"),
                )
                .explain(format!("`{name}` was declared {kind}, so it keeps the value it got there."))
                .hint("Remove the attribute, or use another variable.")
                .related(declared, "declared here"),
            );
        }
    }

    fn branch(&mut self, branch: &ast::If) -> StmtKind {
        let mut arms = vec![(self.expression(branch.condition()), self.block(branch.block()))];
        for arm in branch.else_if().into_iter().flatten() {
            let condition = self.expression(arm.condition());
            arms.push((condition, self.block(arm.block())));
        }
        let otherwise = branch.else_block().map(|block| self.block(block));
        StmtKind::If { arms, otherwise }
    }

    fn looped<T>(&mut self, span: Span, body: impl FnOnce(&mut Self, LoopId) -> T) -> (LoopId, T) {
        let id = self.unit.loops.push(Loop { span, has_break: false });
        self.frame().loops.push(id);
        let result = body(self, id);
        self.frame().loops.pop();
        (id, result)
    }

    fn numeric_for(&mut self, counted: &ast::NumericFor, span: Span) -> StmtKind {
        let start = self.expression(counted.start());
        let limit = self.expression(counted.end());
        let step = counted.step().map(|step| self.expression(step));
        let name = counted.index_variable();
        let (id, (variable, body)) = self.looped(span, |resolver, _| {
            resolver.open_block();
            let variable = resolver.declare(&name_of(name), LocalKind::ForVariable, resolver.span(name));
            let body = resolver.block(counted.block());
            resolver.close_block();
            (variable, body)
        });
        StmtKind::NumericFor { id, variable, start, limit, step, body }
    }

    fn generic_for(&mut self, each: &ast::GenericFor, span: Span) -> StmtKind {
        let values = each.expressions().iter().map(|value| self.expression(value)).collect();
        let (id, (variables, body)) = self.looped(span, |resolver, _| {
            resolver.open_block();
            let variables = each
                .names()
                .iter()
                .map(|name| resolver.declare(&name_of(name), LocalKind::ForVariable, resolver.span(name)))
                .collect();
            let body = resolver.block(each.block());
            resolver.close_block();
            (variables, body)
        });
        StmtKind::GenericFor { id, variables, values, body }
    }

    /// A function body; `is_method` adds `self`.
    pub(super) fn function(
        &mut self,
        name: Option<String>,
        body: &ast::FunctionBody,
        is_method: bool,
        span: Span,
    ) -> FunctionId {
        let end = body.end_position().map_or(span.end as usize, |position| position.bytes());
        let span = Span::new(self.file, span.start as usize, end);
        let id = self.unit.functions.push(Function {
            name,
            parent: Some(self.current),
            params: Vec::new(),
            is_vararg: false,
            captures: Vec::new(),
            body: Vec::new(),
            span,
            result_types: None,
        });
        let outer = std::mem::replace(&mut self.current, id);
        self.frames.push(Frame::new(id));
        self.open_block();
        if is_method {
            let local = self.declare(
                "self",
                LocalKind::Param,
                Span::new(self.file, span.start as usize, span.start as usize),
            );
            self.unit.functions[id].params.push(local);
        }
        for parameter in body.parameters() {
            match parameter {
                Parameter::Name(name) => {
                    let local = self.declare(&name_of(name), LocalKind::Param, self.span(name));
                    self.unit.functions[id].params.push(local);
                }
                Parameter::Ellipsis(_) => self.unit.functions[id].is_vararg = true,
                _ => {}
            }
        }
        let statements = self.block(body.block());
        self.close_block();
        self.close_frame();
        self.current = outer;
        self.unit.functions[id].body = statements;
        id
    }
}
