//! `show lowered`: the Rust-shaped code of each function, and what was decided about it. Sites are
//! `@line`; `await` and `?` stand where the emitted text will have them.

mod expression;

use std::fmt::Write as _;

use super::ir::{Binder, Block, Function, Module, Param, Part, Scope, Stmt};
use expression::{expression, list};

/// Every function of the modules, readable.
pub fn print(modules: &[Module]) -> String {
    let mut text = String::new();
    for module in modules {
        let _ = writeln!(text, "module {} ({})", module.name, module.entry);
        for function in &module.functions {
            head(&mut text, function);
            let mut printer = Printer { text: &mut text, depth: 1 };
            printer.block(&function.body);
        }
        text.push('\n');
    }
    text
}

fn head(text: &mut String, function: &Function) {
    let kind = if function.reason.is_some() { "async" } else { "plain" };
    let (first, last) = function.lines;
    let params: Vec<String> = function.params.iter().map(param).collect();
    let dots = if function.is_vararg { ", ..." } else { "" };
    let _ = writeln!(
        text,
        "\n{kind} {}({}{dots}) -> {:?}, lines {first}-{last}",
        function.name,
        params.join(", "),
        function.returns
    );
    if let Some(reason) = &function.reason {
        let _ = writeln!(text, "  may suspend: {reason}");
    }
    if !function.captures.is_empty() {
        let _ = writeln!(text, "  captures: {}", function.captures.join(", "));
    }
}

fn binder(binder: &Binder) -> String {
    if binder.is_mutable { format!("mut {}", binder.name) } else { binder.name.clone() }
}

fn param(param: &Param) -> String {
    let binder = binder(&param.binder);
    if param.is_borrowed { format!("&{binder}") } else { binder }
}

fn binders(all: &[Binder]) -> String {
    all.iter().map(binder).collect::<Vec<_>>().join(", ")
}

/// `'label: `, where there is one.
fn labelled(label: Option<&String>) -> String {
    label.map(|label| format!("{label}: ")).unwrap_or_default()
}

struct Printer<'a> {
    text: &'a mut String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{:1$}{line}", "", self.depth * 2);
    }

    fn block(&mut self, block: &Block) {
        block.iter().for_each(|statement| self.statement(statement));
    }

    /// A line, and a block below it.
    fn nested(&mut self, line: &str, block: &Block) {
        self.line(line);
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Comment(comment) => self.line(&format!("// {comment}")),
            Stmt::Blank => {}
            Stmt::Let(name, value) => self.line(&format!("let {} = {}", binder(name), expression(value))),
            Stmt::LetArray(names, value) => {
                self.line(&format!("let [{}] = {}", binders(names), expression(value)));
            }
            Stmt::Set(name, value) => self.line(&format!("{name} = {}", expression(value))),
            Stmt::SetArray(names, value) => {
                self.line(&format!("[{}] = {}", names.join(", "), expression(value)));
            }
            Stmt::SetCell(name, value) => self.line(&format!("shared {name} = {}", expression(value))),
            Stmt::Eval(value) => self.line(&expression(value)),
            Stmt::Break(label) => self.line(format!("break {}", label.as_deref().unwrap_or_default()).trim()),
            Stmt::Continue(label) => {
                self.line(format!("continue {}", label.as_deref().unwrap_or_default()).trim());
            }
            Stmt::Return(value) => self.line(&format!("return {}", expression(value))),
            Stmt::ReturnResult(value) => self.line(&format!("return result {}", expression(value))),
            Stmt::Scope(scope) => self.scope(scope),
            _ => self.compound(statement),
        }
    }

    /// Statements with blocks inside.
    fn compound(&mut self, statement: &Stmt) {
        match statement {
            Stmt::If { arms, otherwise } => {
                for (at, (condition, block)) in arms.iter().enumerate() {
                    let word = if at == 0 { "if" } else { "else if" };
                    self.nested(&format!("{word} {}", expression(condition)), block);
                }
                if let Some(block) = otherwise {
                    self.nested("else", block);
                }
            }
            Stmt::While { label, condition, body } => {
                self.nested(&format!("{}while {}", labelled(label.as_ref()), expression(condition)), body);
            }
            Stmt::Loop { label, body } => self.nested(&format!("{}loop", labelled(label.as_ref())), body),
            Stmt::For { label, variable, iterator, body } => {
                let head = format!("for {} in {}", binder(variable), expression(iterator));
                self.nested(&(labelled(label.as_ref()) + &head), body);
            }
            Stmt::Each { label, variables, next, body } => {
                let head = format!("each [{}] of {}", binders(variables), expression(next));
                self.nested(&(labelled(label.as_ref()) + &head), body);
            }
            Stmt::Block { label, body } => self.nested(&format!("{}block", labelled(label.as_ref())), body),
            Stmt::Part(part) => self.part(part),
            _ => {}
        }
    }

    fn part(&mut self, part: &Part) {
        let kind = if part.is_async { "async part" } else { "part" };
        let head = match &part.section {
            Some(section) => {
                let lent = section.lends.iter().map(|lent| format!("{} as {:?}", lent.name, lent.kind));
                format!("{kind} {}({})", section.name, list(lent, ", "))
            }
            None => kind.to_owned(),
        };
        self.nested(&head, &part.body);
        if let Some((returns, block)) = &part.on_return {
            self.nested(&format!("on return of {returns:?}"), block);
        }
        for (number, jump) in part.jumps.iter().enumerate() {
            self.nested(&format!("on jump {number}"), jump);
        }
    }

    fn scope(&mut self, scope: &Scope) {
        let kind = if scope.is_async { "async scope" } else { "scope" };
        let head =
            format!("{kind} {} -> {:?}, then close {}", scope.name, scope.returns, expression(&scope.closed));
        self.nested(&head, &scope.body);
        if let Some(block) = &scope.on_return {
            self.nested("on return", block);
        }
        for (number, block) in scope.jumps.iter().enumerate() {
            self.nested(&format!("on jump {number}"), block);
        }
    }
}

/// The statements of a block expression, on one line.
fn inline(block: &Block) -> String {
    let mut text = String::new();
    Printer { text: &mut text, depth: 0 }.block(block);
    list(text.lines().map(str::trim).map(str::to_owned), "; ")
}
