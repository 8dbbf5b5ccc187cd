//! Statements.

use super::call::Want;
use super::comments;
use super::expression::method;
use super::function::{Lowerer, TAIL, is_self_tail_call};
use super::ir::{self, Binder, Call, Ending, Expr, Returns, Stmt};
use super::unit::Storage;
use crate::analyze::Callee;
use crate::hir::{self, ExprId, ExprKind, LocalId, StmtKind};

impl Lowerer<'_> {
    /// Lowers one statement, with the comments in front of it. `is_first`: nothing stands before it
    /// in its block.
    pub fn statement(&mut self, statement: &hir::Stmt, is_first: bool, into: &mut ir::Block) {
        self.comments(statement, is_first, into);
        match &statement.kind {
            StmtKind::Local { locals, values } => self.local(locals, values, into),
            StmtKind::LocalFunction { local, function } => {
                let value = self.function_value(*function);
                self.declare_function(*local, value, into);
            }
            StmtKind::Assign { targets, values } => self.assign(targets, values, into),
            StmtKind::Call(call) => self.call_statement(*call, into),
            StmtKind::Do(body) => {
                let body = self.inner_block(body);
                into.push(Stmt::Block { label: None, body });
            }
            StmtKind::If { arms, otherwise } => {
                let mut lowered = Vec::new();
                for (condition, body) in arms {
                    let condition = self.truth(*condition);
                    lowered.push((condition, self.inner_block(body)));
                }
                let otherwise = otherwise.as_ref().map(|body| self.inner_block(body));
                into.push(Stmt::If { arms: lowered, otherwise });
            }
            StmtKind::Return(values) => into.push(self.return_values(values)),
            StmtKind::Break(id) => into.extend(self.break_loop(*id)),
            StmtKind::Goto(label) => self.goto(*label, into),
            StmtKind::Label(_) => {}
            _ => self.looped(statement, into),
        }
        self.cursor = statement.span.end as usize;
    }

    /// A block of its own, in braces.
    pub fn inner_block(&mut self, body: &hir::Block) -> ir::Block {
        self.block(body)
    }

    fn comments(&mut self, statement: &hir::Stmt, is_first: bool, into: &mut ir::Block) {
        let start = statement.span.start as usize;
        let gap = self.context.source.text.get(self.cursor..start).unwrap_or_default();
        // The first line of a file belongs to no statement before.
        let opening = if self.cursor == 0 { "\n" } else { "" };
        into.extend(comments::between(&format!("{opening}{gap}"), is_first));
        let is_compound = matches!(
            statement.kind,
            StmtKind::If { .. }
                | StmtKind::While { .. }
                | StmtKind::Repeat { .. }
                | StmtKind::NumericFor { .. }
                | StmtKind::GenericFor { .. }
        );
        if is_compound {
            let line = self.context.line(statement.span);
            into.push(Stmt::Comment(format!("{}:{line}", self.context.file_name())));
        }
        self.cursor = start;
    }

    /// `local a, b = e1, e2`
    fn local(&mut self, locals: &[LocalId], values: &[ExprId], into: &mut ir::Block) {
        if let ([local], [value]) = (locals, values) {
            if self.context.storage[*local] == Storage::Known && self.is_pure(*value) {
                return;
            }
            if let ExprKind::Function(function) = self.context.unit.exprs[*value].kind {
                // What it captures may have the name that is declared here: the closure comes first.
                let value = self.function_value(function);
                if self.context.storage[*local] != Storage::Known {
                    self.declare(*local, value, into);
                }
                return;
            }
            let value = self.owned(*value);
            return self.declare(*local, value, into);
        }
        if values.is_empty() {
            for local in locals {
                if self.context.storage[*local] != Storage::Known {
                    self.declare(*local, Expr::Nil, into);
                }
            }
            return;
        }
        let all = self.value_list(values, locals.len(), into);
        self.declare_all(locals, all, into);
    }

    /// Declares several locals at once: none of the values may see the new names.
    fn declare_all(&mut self, locals: &[LocalId], values: ValueList, into: &mut ir::Block) {
        let names: Vec<Binder> = locals.iter().map(|local| self.array_binder(*local)).collect();
        let mut names = self.distinct(names);
        let value = match values {
            ValueList::Each(values) => {
                // What is too much is evaluated all the same.
                let blank = || Binder { name: "_".to_owned(), is_mutable: false };
                names.resize_with(names.len().max(values.len()), blank);
                Expr::Array(values)
            }
            ValueList::Array(array) => array,
        };
        into.push(Stmt::LetArray(names, value));
        for local in locals {
            let name = self.local_name(*local);
            let is_hoisted = self.hoisted.contains_key(local);
            if self.context.storage[*local] == Storage::Cell || is_hoisted {
                let raw = Expr::Name(self.raw_name(*local));
                let value = match self.context.storage[*local] {
                    Storage::Cell => Expr::CellNew(Box::new(raw)),
                    _ => raw,
                };
                into.push(if is_hoisted {
                    Stmt::Set(name, value)
                } else {
                    Stmt::Let(Binder { name, is_mutable: false }, value)
                });
            }
        }
    }

    fn raw_name(&self, local: LocalId) -> String {
        self.context.variable(&self.context.unit.locals[local].name)
    }

    fn array_binder(&self, local: LocalId) -> Binder {
        if self.context.storage[local] == Storage::Known {
            return Binder { name: "_".to_owned(), is_mutable: false };
        }
        let is_mutable = self.context.storage[local] == Storage::Variable
            && self.context.unit.locals[local].is_reassigned
            && !self.hoisted.contains_key(&local);
        Binder { name: self.raw_name(local), is_mutable }
    }

    /// `let x = value;`, or what that is for a shared or hoisted local.
    pub fn declare(&mut self, local: LocalId, value: Expr, into: &mut ir::Block) {
        let name = self.local_name(local);
        let storage = self.context.storage[local];
        let value = if storage == Storage::Cell { Expr::CellNew(Box::new(value)) } else { value };
        if self.hoisted.contains_key(&local) {
            return into.push(Stmt::Set(name, value));
        }
        if storage == Storage::Known {
            return into.push(Stmt::Eval(value));
        }
        let is_mutable = storage == Storage::Variable && self.context.unit.locals[local].is_reassigned;
        into.push(Stmt::Let(Binder { name, is_mutable }, value));
    }

    /// `local function f`: a shared `f` exists before the closure that captures it.
    fn declare_function(&mut self, local: LocalId, value: Expr, into: &mut ir::Block) {
        match self.context.storage[local] {
            Storage::Known => {}
            Storage::Variable | Storage::Borrowed => self.declare(local, value, into),
            Storage::Cell => {
                self.declare(local, Expr::Nil, into);
                into.push(Stmt::SetCell(self.local_name(local), value));
            }
        }
    }

    fn call_statement(&mut self, call: ExprId, into: &mut ir::Block) {
        let (call, _) = self.call(call, Want::First);
        into.push(Stmt::Eval(call));
    }

    /// `return e1, e2`
    pub fn return_values(&mut self, values: &[ExprId]) -> Stmt {
        // Behind a variable that is to be closed no call is the last thing to happen.
        if let [only] = values
            && !self.is_in_scope()
            && let Some(statement) = self.tail_call(*only)
        {
            return statement;
        }
        if let [only] = values
            && matches!(
                self.context.unit.exprs[*only].kind,
                ExprKind::Call { .. } | ExprKind::MethodCall { .. }
            )
        {
            return self.return_call(*only);
        }
        match self.returns {
            Returns::Unit => self.finish_return(Expr::Word("()")),
            Returns::Value => {
                let value = values.first().map_or(Expr::Nil, |value| self.owned(*value));
                self.finish_return(value)
            }
            Returns::Array(_) => {
                let array = Expr::Array(values.iter().map(|value| self.owned(*value)).collect());
                self.finish_return(array)
            }
            Returns::Multi => {
                let multi = self.multi(values);
                self.finish_return(multi)
            }
        }
    }

    /// `return f(x)` where the call is an ordinary one, its results made what this function gives.
    fn return_call(&mut self, call: ExprId) -> Stmt {
        let want = if self.returns == Returns::Value { Want::First } else { Want::All };
        let (call, given) = self.call(call, want);
        let value = match (given, self.returns) {
            (given, wanted) if given == wanted => call,
            (_, Returns::Multi) => method(call, "into_multi", vec![Expr::Word("cx")]),
            (_, Returns::Value) => self.first_of(call, given),
            (Returns::Multi, Returns::Array(_)) => method(call, "adjust", vec![Expr::Word("cx")]),
            (_, Returns::Array(_)) => {
                let multi = method(call, "into_multi", vec![Expr::Word("cx")]);
                method(multi, "adjust", vec![Expr::Word("cx")])
            }
            (_, Returns::Unit) => Expr::Block(vec![Stmt::Eval(call)], Box::new(Expr::Word("()"))),
        };
        self.finish_return(value)
    }

    /// `return f(x)` as a jump, a direct call or a tail call; `None` if it is no call to pass on.
    fn tail_call(&mut self, value: ExprId) -> Option<Stmt> {
        let unit = self.context.unit;
        match &unit.exprs[value].kind {
            ExprKind::Call { callee, args } => match self.context.facts.callees[value] {
                _ if self.has_self_tail_call && is_self_tail_call(self.context, self.function, value) => {
                    Some(self.start_again(args))
                }
                Callee::Function(function) if self.has_same_results(function) => {
                    self.direct_tail_call(value, function, *callee, args)
                }
                Callee::Library(..) => None,
                _ => Some(self.unknown_tail_call(value, *callee, args)),
            },
            ExprKind::MethodCall { receiver, name, args } => {
                Some(self.method_tail_call(value, *receiver, name, args))
            }
            _ => None,
        }
    }

    fn has_same_results(&self, function: hir::FunctionId) -> bool {
        let groups = &self.context.facts.groups;
        let in_circle = groups[function].is_some() && groups[function] == groups[self.function];
        self.context.facts.shapes[function] == self.context.facts.shapes[self.function] && !in_circle
    }

    /// `[a, b] = [x, y]; continue 'tail;`
    fn start_again(&mut self, args: &[ExprId]) -> Stmt {
        let params = self.context.unit.functions[self.function].params.clone();
        let mut values: Vec<Expr> = args.iter().map(|argument| self.owned(*argument)).collect();
        values.resize(params.len(), Expr::Nil);
        let mut names: Vec<String> = params.iter().map(|local| self.param(*local).name).collect();
        let mut body = Vec::new();
        match (names.len(), values.pop()) {
            (1, Some(value)) => body.push(Stmt::Set(names.remove(0), value)),
            (_, Some(last)) => {
                values.push(last);
                body.push(Stmt::SetArray(names, Expr::Array(values)));
            }
            (_, None) => {}
        }
        body.push(Stmt::Continue(Some(TAIL.to_owned())));
        Stmt::Block { label: None, body }
    }

    /// `return f(cx, a).tail(..)` for a known function outside every circle with this one.
    fn direct_tail_call(
        &mut self,
        value: ExprId,
        function: hir::FunctionId,
        called: ExprId,
        args: &[ExprId],
    ) -> Option<Stmt> {
        let site = self.call_site(value);
        let awaits = self.awaits(value);
        let call = self.direct_call(function, called, args, Ending::Tail { site, awaits })?;
        Some(Stmt::ReturnResult(call))
    }

    /// `return tail_call(cx, &f, &[a], at!(..))`
    fn unknown_tail_call(&mut self, value: ExprId, callee: ExprId, args: &[ExprId]) -> Stmt {
        let site = self.call_site(value);
        let awaits = self.awaits(value);
        let callee = self.passed(callee, awaits);
        let args = vec![Expr::Word("cx"), callee, self.passed_arguments(args, awaits), Expr::Site(site)];
        tail("tail_call", args, awaits)
    }

    /// `return tail_call_method(cx, &receiver, &s!("name"), &[a], at!(..))`
    fn method_tail_call(&mut self, value: ExprId, receiver: ExprId, name: &str, args: &[ExprId]) -> Stmt {
        let site = self.method_site(value, receiver, name);
        let awaits = self.awaits(value);
        if self.is_looked_up_first(value, receiver, args) {
            let bound = self.bound(receiver, name, &site, awaits);
            let args = vec![Expr::Word("cx"), bound, self.passed_arguments(args, awaits), Expr::Site(site)];
            return tail("tail_bound", args, awaits);
        }
        let receiver = self.receiver(receiver, awaits);
        let name = Expr::Key(name.to_owned());
        let args =
            vec![Expr::Word("cx"), receiver, name, self.passed_arguments(args, awaits), Expr::Site(site)];
        tail("tail_method", args, awaits)
    }
}

fn tail(path: &str, args: Vec<Expr>, awaits: bool) -> Stmt {
    let (path, ending) =
        if awaits { (format!("{path}_async"), Ending::Await) } else { (path.to_owned(), Ending::Nothing) };
    Stmt::ReturnResult(Expr::Call(Box::new(Call { path, args, ending })))
}

/// A list of values as Rust has it.
pub enum ValueList {
    /// One expression for each.
    Each(Vec<Expr>),
    /// One expression that is an array.
    Array(Expr),
}
