//! Statements.

use full_moon::ast::{self, LastStmt, Stmt as Syntax};
use full_moon::node::Node;

use super::{Mode, Resolver, name_of};
use crate::diagnostics::Diagnostic;
use crate::hir::{Block, Expr, ExprId, ExprKind, LocalKind, Loop, LoopId, Stmt, StmtKind};
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
    pub(super) fn statements(&mut self, block: &ast::Block, goes_on: bool) -> Block {
        let last = block.last_stmt();
        let syntax: Vec<&Syntax> = block.stmts().collect();
        // The labels behind which nothing follows.
        let is_label =
            |statement: &&&Syntax| matches!(statement, Syntax::Label(_)) && !self.is_break(statement);
        let trailing =
            if last.is_some() || goes_on { 0 } else { syntax.iter().rev().take_while(is_label).count() };
        let mut statements = Vec::new();
        for (at, statement) in syntax.iter().enumerate() {
            self.statement(statement, at + trailing >= syntax.len(), &mut statements);
        }
        if let Some(last) = last {
            let span = self.span(last);
            let kind = match last {
                LastStmt::Break(_) => self.break_statement(span),
                LastStmt::Return(values) => Some(StmtKind::Return(self.list(values.returns()))),
                _ => None,
            };
            statements.extend(kind.map(|kind| {
                let span = self.to_last_value(&kind, span);
                Stmt { kind, span }
            }));
        }
        statements
    }

    /// Whether a label stands for a `break` in mid-block.
    fn is_break(&self, statement: &Syntax) -> bool {
        let start = statement.start_position().map_or(0, |position| position.bytes());
        self.chunk.notes.breaks.contains(&start)
    }

    fn break_statement(&mut self, span: Span) -> Option<StmtKind> {
        if let Some(id) = self.frame().loops.last().copied() {
            self.unit.loops[id].has_break = true;
            return Some(StmtKind::Break(id));
        }
        self.diagnostics.push(
            Diagnostic::error("R0004", Some(span), "no loop to break")
                .explain("`break` leaves the innermost loop of the function it stands in, and there is none.")
                .hint("Use `return` to leave a function."),
        );
        None
    }

    fn statement(&mut self, statement: &Syntax, ends_block: bool, into: &mut Block) {
        let span = self.span(statement);
        self.read_declarations_before(span);
        into.extend(self.own_environment(span));
        let kind = match statement {
            Syntax::Assignment(assignment) => {
                let targets = assignment.variables().iter().map(|target| self.target(target)).collect();
                let values = self.list(assignment.expressions());
                StmtKind::Assign { targets, values }
            }
            Syntax::Do(block) => StmtKind::Do(self.block(block.block())),
            Syntax::FunctionCall(call) => {
                let call = self.call(call);
                self.refuse_cast(span, "a statement");
                StmtKind::Call(call)
            }
            Syntax::FunctionDeclaration(declaration) => self.declaration(declaration, span),
            Syntax::LocalAssignment(local) => self.local(local, span),
            Syntax::LocalFunction(function) => {
                let name = function.name();
                let local = self.declare(name, LocalKind::Function);
                let function = self.function(Some(name_of(name).to_owned()), function.body(), None, span);
                StmtKind::LocalFunction { local, function }
            }
            Syntax::If(branch) => self.branch(branch),
            Syntax::While(repeated) => {
                let condition = self.expression(repeated.condition());
                let (id, body) = self.looped(span, |resolver| resolver.block(repeated.block()));
                StmtKind::While { id, condition, body }
            }
            Syntax::Repeat(repeated) => self.repeat(repeated, span),
            Syntax::NumericFor(counted) => self.numeric_for(counted, span),
            Syntax::GenericFor(each) => self.generic_for(each, span),
            Syntax::Goto(goto) => StmtKind::Goto(self.goto(name_of(goto.label_name()), span)),
            Syntax::Label(_) if self.is_break(statement) => match self.break_statement(span) {
                Some(kind) => kind,
                None => return,
            },
            Syntax::Label(label) => {
                let labels = self.label(name_of(label.name()), span, ends_block);
                into.extend(labels.into_iter().map(|label| Stmt { kind: StmtKind::Label(label), span }));
                return;
            }
            _ => return self.unsupported(span, "this statement"),
        };
        let span = self.to_last_value(&kind, span);
        into.push(Stmt { kind, span });
    }

    /// The span of a statement that ends with an expression, to the very end of that: the parser
    /// leaves out a closing `]`.
    fn to_last_value(&self, kind: &StmtKind, span: Span) -> Span {
        let last = match kind {
            StmtKind::Local { values, .. } | StmtKind::Assign { values, .. } | StmtKind::Return(values) => {
                values.last()
            }
            StmtKind::Repeat { condition, .. } => Some(condition),
            _ => None,
        };
        let end = last.map_or(0, |value| self.unit.exprs[*value].span.end);
        Span { end: span.end.max(end), ..span }
    }

    /// The parser's tree can hold what this language lacks; the pre-pass leaves none of it.
    pub(super) fn unsupported(&mut self, span: Span, what: &str) {
        self.diagnostics.push(
            Diagnostic::error("P0005", Some(span), format!("{what} is not Lua 5.3"))
                .explain(
                    "The parser knows this form from a dialect of Lua that this language does not include.",
                )
                .hint("Write it with the statements of Lua 5.3."),
        );
    }

    fn local(&mut self, local: &ast::LocalAssignment, span: Span) -> StmtKind {
        let names: Vec<_> = local.names().iter().collect();
        let expressions: Vec<_> = local.expressions().iter().collect();
        // `local f = function ... f() ... end`: one name and one function. In an application the name
        // is in scope inside.
        if let ([name], [ast::Expression::Function(function)]) = (names.as_slice(), expressions.as_slice()) {
            let declared = (self.mode == Mode::Application).then(|| self.declare(name, LocalKind::Variable));
            let whole = self.span(&**function);
            let body = self.function(Some(name_of(name).to_owned()), function.body(), None, whole);
            let declared = declared.unwrap_or_else(|| self.declare(name, LocalKind::Variable));
            let value = self.push(ExprKind::Function(body), whole);
            self.note_casts(value);
            return StmtKind::Local { locals: vec![declared], values: vec![value] };
        }
        let values = expressions.into_iter().map(|value| self.expression(value)).collect();
        let locals: Vec<_> = names.iter().map(|name| self.declare(name, LocalKind::Variable)).collect();
        let closed = locals.iter().filter(|local| self.unit.locals[**local].kind == LocalKind::ToBeClosed);
        if closed.count() > 1 {
            self.diagnostics.push(
                Diagnostic::error("R0007", Some(span), "multiple to-be-closed variables in local list")
                    .explain("The order in which they would be closed could not be read from the list.")
                    .hint("Declare each in a statement of its own."),
            );
        }
        StmtKind::Local { locals, values }
    }

    fn target(&mut self, target: &ast::Var) -> ExprId {
        let place = match target {
            ast::Var::Name(name) => {
                let span = self.span(name);
                let place = self.lookup(name_of(name), span);
                self.note_environment(name_of(name), place, span);
                self.mark_written(place);
                place
            }
            other => self.variable(other),
        };
        let Expr { kind, span } = &self.unit.exprs[place];
        let (span, is_place) = (
            *span,
            matches!(
                kind,
                ExprKind::Local(_)
                    | ExprKind::Upvalue(_)
                    | ExprKind::Global(_)
                    | ExprKind::Field { .. }
                    | ExprKind::Index { .. }
            ),
        );
        let is_bare = matches!(target, ast::Var::Name(_))
            || matches!(target, ast::Var::Expression(whole) if whole.suffixes().next().is_some());
        if !is_place || !is_bare {
            self.no_place(self.span(target));
        } else {
            self.refuse_cast(span, "the target of an assignment");
        }
        place
    }

    /// `(x) = 1`: the parser lets it through.
    fn no_place(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("P0001", Some(span), "syntax error: cannot assign to this expression")
                .explain("A value is assigned to a variable or to a field of a table.")
                .hint("Remove the parentheses, or compare with `==`."),
        );
    }

    pub(super) fn mark_written(&mut self, place: ExprId) {
        let Expr { kind: ExprKind::Local(local) | ExprKind::Upvalue(local), span } = self.unit.exprs[place]
        else {
            return;
        };
        let declared = &mut self.unit.locals[local];
        declared.is_reassigned = true;
        let Some(attribute) = self.chunk.notes.attributes.get(&(declared.span.start as usize)) else {
            return;
        };
        let (name, declared) = (declared.name.clone(), declared.span);
        let kind = if *attribute == Attribute::Close { "<close>" } else { "<const>" };
        self.diagnostics.push(
            Diagnostic::error("R0006", Some(span), format!("attempt to assign to const variable '{name}'"))
                .explain(format!("`{name}` was declared {kind}, so it keeps the value it got there."))
                .hint("Remove the attribute, or use another variable.")
                .related(declared, "declared here"),
        );
    }

    fn branch(&mut self, branch: &ast::If) -> StmtKind {
        let condition = self.expression(branch.condition());
        let mut arms = vec![(condition, self.block(branch.block()))];
        for arm in branch.else_if().into_iter().flatten() {
            let condition = self.expression(arm.condition());
            arms.push((condition, self.block(arm.block())));
        }
        let otherwise = branch.else_block().map(|block| self.block(block));
        StmtKind::If { arms, otherwise }
    }

    /// The body of a loop: `break` leaves it.
    fn looped<T>(&mut self, span: Span, body: impl FnOnce(&mut Self) -> T) -> (LoopId, T) {
        let id = self.unit.loops.push(Loop { span, has_break: false });
        self.frame().loops.push(id);
        let result = body(self);
        self.frame().loops.pop();
        (id, result)
    }

    /// The condition sees the body's locals; it is no place for a `break`.
    fn repeat(&mut self, repeated: &ast::Repeat, span: Span) -> StmtKind {
        self.open_block();
        let (id, body) = self.looped(span, |resolver| resolver.statements(repeated.block(), true));
        let condition = self.expression(repeated.until());
        self.close_block();
        StmtKind::Repeat { id, body, condition }
    }

    fn numeric_for(&mut self, counted: &ast::NumericFor, span: Span) -> StmtKind {
        let start = self.expression(counted.start());
        let limit = self.expression(counted.end());
        let step = counted.step().map(|step| self.expression(step));
        let (id, (variable, body)) = self.looped(span, |resolver| {
            resolver.open_block();
            let variable = resolver.declare(counted.index_variable(), LocalKind::ForVariable);
            let body = resolver.block(counted.block());
            resolver.close_block();
            (variable, body)
        });
        StmtKind::NumericFor { id, variable, start, limit, step, body }
    }

    fn generic_for(&mut self, each: &ast::GenericFor, span: Span) -> StmtKind {
        let values = self.list(each.expressions());
        let (id, (variables, body)) = self.looped(span, |resolver| {
            resolver.open_block();
            let variables =
                each.names().iter().map(|name| resolver.declare(name, LocalKind::ForVariable)).collect();
            let body = resolver.block(each.block());
            resolver.close_block();
            (variables, body)
        });
        StmtKind::GenericFor { id, variables, values, body }
    }
}
