//! Tokens and tree as text, for `show tokens` and `show ast`.

use std::fmt::Write;

use full_moon::ast::{
    self, Call, Expression, Field, FunctionArgs, Index, LastStmt, Prefix, Stmt, Suffix, Var,
};
use full_moon::node::Node;

use crate::parse::Chunk;
use crate::parse::lexer::{self, TokenKind};
use crate::parse::prepass;
use crate::parse::stand_in::Shown;
use crate::source::{FileId, SourceFile, Sources};

/// One token a line: its place, kind and text, and whether the pre-pass takes it out of plain Lua.
pub fn show_tokens(file: FileId, sources: &Sources) -> String {
    let source = sources.file(file);
    let prepared = prepass::prepare(file, &source.text, lexer::tokens(&source.text));
    let mut text = String::new();
    for (token, shown) in prepared.tokens.iter().zip(&prepared.shown) {
        let (line, column) = source.line_column(u32::try_from(token.start).unwrap_or(u32::MAX));
        let kind = match token.kind {
            TokenKind::Name => "name",
            TokenKind::Keyword => "keyword",
            TokenKind::Number => "number",
            TokenKind::String => "string",
            TokenKind::Symbol => "symbol",
            TokenKind::Invalid(_) => "invalid",
        };
        let note = if *shown == Shown::Hidden { "  (typed syntax)" } else { "" };
        let shown = token.text(&source.text).escape_debug();
        let _ = writeln!(text, "{:>9} {kind:<8} {shown}{note}", format!("{line}:{column}"));
    }
    text
}

/// The tree of a chunk, one node a line.
pub fn show_ast(chunk: &Chunk, source: &SourceFile) -> String {
    let mut printer = Printer { chunk, source: &source.text, text: String::new(), indent: 0 };
    if let Some(block) = chunk.block() {
        printer.block(block);
    }
    printer.text
}

struct Printer<'a> {
    chunk: &'a Chunk,
    source: &'a str,
    text: String,
    indent: usize,
}

impl<'a> Printer<'a> {
    fn line(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.text, "{:width$}{}", "", text.as_ref(), width = self.indent * 2);
    }

    /// The source behind a node: literals are stand-ins in the tree.
    fn source(&self, node: &impl Node) -> &'a str {
        let place = node.range().map(|(start, end)| start.bytes()..end.bytes());
        place.and_then(|place| self.source.get(place)).unwrap_or_default()
    }

    fn nested(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.line(head);
        self.indent += 1;
        body(self);
        self.indent -= 1;
    }

    fn block(&mut self, block: &ast::Block) {
        for statement in block.stmts() {
            self.statement(statement);
        }
        match block.last_stmt() {
            Some(LastStmt::Return(values)) => self.nested("return", |printer| printer.list(values.returns())),
            Some(LastStmt::Break(_)) => self.line("break"),
            _ => {}
        }
    }

    fn names<'n>(&self, names: impl Iterator<Item = &'n full_moon::tokenizer::TokenReference>) -> String {
        names.map(|name| self.source(name)).collect::<Vec<_>>().join(", ")
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Assignment(assignment) => self.nested("assign", |printer| {
                assignment.variables().iter().for_each(|target| printer.variable(target));
                printer.nested("=", |printer| printer.list(assignment.expressions()));
            }),
            Stmt::LocalAssignment(local) => {
                let head = format!("local {}", self.names(local.names().iter()));
                self.nested(head, |printer| printer.list(local.expressions()));
            }
            Stmt::LocalFunction(function) => {
                let head = format!("local function {}", self.source(function.name()));
                self.function(head, function.body());
            }
            Stmt::FunctionDeclaration(function) => {
                let head = format!("function {}", self.source(function.name()));
                self.function(head, function.body());
            }
            Stmt::FunctionCall(call) => self.suffixed("call", call.prefix(), call.suffixes()),
            Stmt::Do(block) => self.nested("do", |printer| printer.block(block.block())),
            Stmt::While(repeated) => self.nested("while", |printer| {
                printer.expression(repeated.condition());
                printer.nested("do", |printer| printer.block(repeated.block()));
            }),
            Stmt::Repeat(repeated) => self.nested("repeat", |printer| {
                printer.block(repeated.block());
                printer.nested("until", |printer| printer.expression(repeated.until()));
            }),
            Stmt::If(branch) => self.branch(branch),
            Stmt::NumericFor(counted) => {
                let head = format!("for {}", self.source(counted.index_variable()));
                self.nested(head, |printer| {
                    printer.expression(counted.start());
                    printer.expression(counted.end());
                    counted.step().into_iter().for_each(|step| printer.expression(step));
                    printer.nested("do", |printer| printer.block(counted.block()));
                });
            }
            Stmt::GenericFor(each) => {
                let head = format!("for {}", self.names(each.names().iter()));
                self.nested(head, |printer| {
                    printer.nested("in", |printer| printer.list(each.expressions()));
                    printer.nested("do", |printer| printer.block(each.block()));
                });
            }
            Stmt::Goto(goto) => self.line(format!("goto {}", self.source(goto.label_name()))),
            Stmt::Label(label) => {
                let start = label.start_position().map_or(0, |position| position.bytes());
                let is_break = self.chunk.notes.breaks.contains(&start);
                let text = format!("label {}", self.source(label.name()));
                self.line(if is_break { "break".to_owned() } else { text });
            }
            other => self.line(self.source(other)),
        }
    }

    fn branch(&mut self, branch: &ast::If) {
        self.nested("if", |printer| {
            printer.expression(branch.condition());
            printer.nested("then", |printer| printer.block(branch.block()));
        });
        for arm in branch.else_if().into_iter().flatten() {
            self.nested("elseif", |printer| {
                printer.expression(arm.condition());
                printer.nested("then", |printer| printer.block(arm.block()));
            });
        }
        if let Some(block) = branch.else_block() {
            self.nested("else", |printer| printer.block(block));
        }
    }

    fn function(&mut self, head: String, body: &ast::FunctionBody) {
        let params: Vec<_> = body.parameters().iter().map(|param| self.source(param)).collect();
        let head = format!("{head}({})", params.join(", "));
        self.nested(head, |printer| printer.block(body.block()));
    }

    fn list(&mut self, list: &ast::punctuated::Punctuated<Expression>) {
        list.iter().for_each(|value| self.expression(value));
    }

    fn variable(&mut self, variable: &Var) {
        match variable {
            Var::Expression(expression) => {
                self.suffixed("place", expression.prefix(), expression.suffixes());
            }
            name => self.line(format!("name {}", self.source(name))),
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::BinaryOperator { lhs, binop, rhs } => {
                let head = format!("binary {}", self.source(binop));
                self.nested(head, |printer| {
                    printer.expression(lhs);
                    printer.expression(rhs);
                });
            }
            Expression::UnaryOperator { unop, expression } => {
                let head = format!("unary {}", self.source(unop));
                self.nested(head, |printer| printer.expression(expression));
            }
            Expression::Parentheses { expression, .. } => {
                self.nested("parentheses", |printer| printer.expression(expression));
            }
            Expression::Function(function) => self.function("function".to_owned(), function.body()),
            Expression::FunctionCall(call) => self.suffixed("call", call.prefix(), call.suffixes()),
            Expression::TableConstructor(table) => self.table(table),
            Expression::Number(token) => self.line(format!("number {}", self.source(token))),
            Expression::String(token) => self.line(format!("string {}", self.source(token).escape_debug())),
            Expression::Symbol(token) => self.line(self.source(token)),
            Expression::Var(variable) => self.variable(variable),
            other => self.line(self.source(other)),
        }
    }

    fn table(&mut self, table: &ast::TableConstructor) {
        self.nested("table", |printer| {
            for field in table.fields() {
                match field {
                    Field::ExpressionKey { key, value, .. } => printer.nested("[] =", |printer| {
                        printer.expression(key);
                        printer.expression(value);
                    }),
                    Field::NameKey { key, value, .. } => {
                        let head = format!("{} =", printer.source(key));
                        printer.nested(head, |printer| printer.expression(value));
                    }
                    Field::NoKey(value) => printer.expression(value),
                    _ => {}
                }
            }
        });
    }

    fn suffixed<'s>(&mut self, head: &str, prefix: &Prefix, suffixes: impl Iterator<Item = &'s Suffix>) {
        self.nested(head, |printer| {
            match prefix {
                Prefix::Expression(expression) => printer.expression(expression),
                name => printer.line(format!("name {}", printer.source(name))),
            }
            suffixes.for_each(|suffix| printer.suffix(suffix));
        });
    }

    fn suffix(&mut self, suffix: &Suffix) {
        match suffix {
            Suffix::Index(Index::Dot { name, .. }) => self.line(format!(".{}", self.source(name))),
            Suffix::Index(Index::Brackets { expression, .. }) => {
                self.nested("[]", |printer| printer.expression(expression));
            }
            Suffix::Call(Call::AnonymousCall(args)) => self.nested("()", |printer| printer.arguments(args)),
            Suffix::Call(Call::MethodCall(method)) => {
                let head = format!(":{}()", self.source(method.name()));
                self.nested(head, |printer| printer.arguments(method.args()));
            }
            _ => {}
        }
    }

    fn arguments(&mut self, args: &FunctionArgs) {
        match args {
            FunctionArgs::Parentheses { arguments, .. } => self.list(arguments),
            FunctionArgs::TableConstructor(table) => self.table(table),
            text => self.line(format!("string {}", self.source(text).escape_debug())),
        }
    }
}
