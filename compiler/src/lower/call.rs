//! Calls: of known functions directly, of library functions by their Rust name, of anything else
//! through its value.

use super::expression::{method, operation};
use super::function::Lowerer;
use super::ir::{Call, Ending, Expr, Name, Returns, Site};
use super::unit::Storage;
use crate::analyze::{Callee, Shape};
use crate::hir::{ExprId, ExprKind, FunctionId, visit};
use crate::library::{self, Form, Function, Module, Results, Suspends};

/// How many of a call's results are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// One, or none.
    First,
    All,
}

impl Want {
    /// What a call through a value gives.
    fn given(self) -> Returns {
        match self {
            Want::First => Returns::Value,
            Want::All => Returns::Multi,
        }
    }
}

impl Lowerer<'_> {
    /// A call and the form of its results.
    pub fn call(&mut self, id: ExprId, want: Want) -> (Expr, Returns) {
        let unit = self.context.unit;
        match &unit.exprs[id].kind {
            ExprKind::MethodCall { receiver, name, args } => match self.context.facts.callees[id] {
                Callee::Library(module, function) if !self.must_fail(id, function) => {
                    self.library_method(id, *receiver, module, function, args)
                }
                _ => (self.method_call(id, *receiver, name, args, want), want.given()),
            },
            ExprKind::Call { callee, args } => {
                if let Some(required) = self.required(id) {
                    return (required, Returns::Value);
                }
                match self.context.facts.callees[id] {
                    Callee::Function(function) => {
                        let ending = Ending::At {
                            site: self.site_at(id),
                            is_boxed: self.is_boxed(function),
                            awaits: self.awaits(id),
                        };
                        if let Some(call) = self.direct_call(function, *callee, args, ending) {
                            return (call, self.returns_of(function));
                        }
                        (self.unknown_call(id, *callee, args, want), want.given())
                    }
                    Callee::Library(module, function) => {
                        self.library_call(id, *callee, module, function, args, want)
                    }
                    Callee::Unknown => (self.unknown_call(id, *callee, args, want), want.given()),
                }
            }
            // Only calls come here.
            _ => (self.value(id), Returns::Value),
        }
    }

    fn returns_of(&self, function: FunctionId) -> Returns {
        match self.context.facts.shapes[function] {
            Shape::Fixed(0) => Returns::Unit,
            Shape::Fixed(1) => Returns::Value,
            Shape::Fixed(count) => Returns::Array(count),
            Shape::Many => Returns::Multi,
        }
    }

    /// A future that contains itself needs a box.
    fn is_boxed(&self, function: FunctionId) -> bool {
        let groups = &self.context.facts.groups;
        self.context.facts.reasons[function].is_some()
            && groups[function].is_some()
            && groups[function] == groups[self.function]
    }

    /// `f(cx, a, b)`; `None` where the arguments do not fit a direct call, or the callee may suspend
    /// and this function may not.
    pub fn direct_call(
        &mut self,
        function: FunctionId,
        called: ExprId,
        args: &[ExprId],
        ending: Ending,
    ) -> Option<Expr> {
        let context = self.context;
        let callee = &context.unit.functions[function];
        let callee_is_async = context.facts.reasons[function].is_some();
        if callee_is_async && !self.is_async {
            return None;
        }
        let is_open = args.last().is_some_and(|last| self.gives_several(*last));
        let fixed = callee.params.len();
        let leaves_open = is_open && (args.len() <= fixed && args.len() != fixed || callee.is_vararg);
        let extras = args.get(fixed..).unwrap_or_default();
        let drops_effects = !callee.is_vararg && extras.iter().any(|extra| !self.is_pure(*extra));
        if leaves_open || drops_effects {
            return None;
        }
        let mut all = vec![Expr::Word("cx")];
        if !context.is_static(function) {
            let value = self.closure_of(function, called)?;
            all.push(if callee_is_async { value.owned() } else { value.borrowed() });
        }
        for (at, param) in callee.params.iter().enumerate() {
            let is_borrowed = context.storage[*param] == Storage::Borrowed;
            all.push(match args.get(at) {
                Some(argument) if is_borrowed => self.value(*argument).borrowed(),
                Some(argument) => self.owned(*argument),
                None if is_borrowed => Expr::Nil.borrowed(),
                None => Expr::Nil,
            });
        }
        if callee.is_vararg {
            let rest = Expr::Array(extras.iter().map(|extra| self.owned(*extra)).collect());
            all.push(if callee_is_async { args_from(rest) } else { rest.borrowed() });
        }
        Some(Expr::Call(Box::new(Call { path: context.path(function), args: all, ending })))
    }

    /// The closure value of a known function: what the variable holds by which it is called. (Another
    /// that holds it may be out of reach, or hidden by one of the same name.)
    fn closure_of(&mut self, function: FunctionId, called: ExprId) -> Option<Expr> {
        if function == self.function {
            return Some(Expr::This { is_reference: !self.is_async });
        }
        match self.context.unit.exprs[called].kind {
            ExprKind::Local(local) | ExprKind::Upvalue(local) => Some(self.read_local(local)),
            _ => None,
        }
    }

    fn library_call(
        &mut self,
        id: ExprId,
        callee: ExprId,
        module: &'static Module,
        function: &'static Function,
        args: &[ExprId],
        want: Want,
    ) -> (Expr, Returns) {
        if self.must_fail(id, function) {
            return (self.unknown_call(id, callee, args, want), want.given());
        }
        let mut site = self.call_site(id);
        if matches!(site.names.as_slice(), [Name::Field(name) | Name::Global(name)] if name == function.name)
        {
            site.names.clear();
        }
        if function.form == Form::Selecting
            && let Some(selected) = self.selected(module, function, args, want, &site)
        {
            return selected;
        }
        self.library_function(id, module, function, args, site)
    }

    /// `select(n, ...)`: the varargs stay where they are.
    fn selected(
        &mut self,
        module: &'static Module,
        function: &'static Function,
        args: &[ExprId],
        want: Want,
        site: &Site,
    ) -> Option<(Expr, Returns)> {
        let [index, rest] = args else { return None };
        if !matches!(self.context.unit.exprs[*rest].kind, ExprKind::Vararg) || self.has_no_varargs() {
            return None;
        }
        let (twin, returns) =
            if want == Want::First { ("one", Returns::Value) } else { ("of", Returns::Multi) };
        let args = vec![Expr::Word("cx"), self.value(*index).borrowed(), self.varargs()];
        let path = format!("{}::{}_{twin}", module.rust, function.rust);
        let ending = Ending::At { site: site.clone(), is_boxed: false, awaits: false };
        Some((Expr::Call(Box::new(Call { path, args, ending })), returns))
    }

    /// The function's own varargs, as a slice.
    fn varargs(&self) -> Expr {
        let varargs = Expr::Word("varargs");
        if self.is_async { varargs.borrowed() } else { varargs }
    }

    /// `logger:info(..)`: the library is the first argument.
    fn library_method(
        &mut self,
        id: ExprId,
        receiver: ExprId,
        module: &'static Module,
        function: &'static Function,
        args: &[ExprId],
    ) -> (Expr, Returns) {
        let site = self.method_site(id, receiver, function.name);
        let all: Vec<ExprId> = std::iter::once(receiver).chain(args.iter().copied()).collect();
        self.library_function(id, module, function, &all, site)
    }

    fn may_suspend(&self, id: ExprId, function: &Function) -> bool {
        match function.suspends {
            Suspends::Never => false,
            Suspends::Always | Suspends::Yielding => true,
            Suspends::WithCallback | Suspends::Resuming => self.context.facts.suspends[id],
        }
    }

    /// Whether the attempt to suspend fails when it is made: at the top level of a unit.
    fn must_fail(&self, id: ExprId, function: &Function) -> bool {
        self.may_suspend(id, function) && !self.is_async
    }

    fn library_function(
        &mut self,
        id: ExprId,
        module: &'static Module,
        function: &'static Function,
        args: &[ExprId],
        site: Site,
    ) -> (Expr, Returns) {
        let may_suspend = self.may_suspend(id, function);
        let twin = if matches!(function.suspends, Suspends::WithCallback | Suspends::Resuming) && !may_suspend
        {
            "_plain"
        } else {
            ""
        };
        let path = if function.rust.contains("::") {
            format!("{}{twin}", function.rust)
        } else {
            format!("{}::{}{twin}", module.rust, function.rust)
        };
        let returns = match function.results {
            Results::None => Returns::Unit,
            Results::One => Returns::Value,
            Results::Many => Returns::Multi,
        };
        if function.form == Form::Making {
            let args = vec![Expr::Path(path), self.arguments(args)];
            return (operation("making", args, site, false), returns);
        }
        if !may_suspend && function.form != Form::Logging && !self.is_hot() {
            let args = vec![Expr::Path(path), self.arguments(args)];
            return (operation("native", args, site, false), returns);
        }
        let ending = Ending::At { site, is_boxed: false, awaits: may_suspend };
        let listed = if function.form == Form::Listing { self.listed(args) } else { None };
        let call = match listed {
            Some(args) => Call { path: format!("{path}_cases"), args, ending },
            None => {
                let lent = if function.takes { self.lent_arguments(args) } else { self.argument_slice(args) };
                Call { path, args: vec![Expr::Word("cx"), lent], ending }
            }
        };
        (Expr::Call(Box::new(call)), returns)
    }

    /// `cx, [a, b]` of the one argument `{a, b}`, a table that nobody but the callee would see.
    fn listed(&mut self, args: &[ExprId]) -> Option<Vec<Expr>> {
        let [only] = args else { return None };
        let ExprKind::Table(items) = &self.context.unit.exprs[*only].kind else { return None };
        let values = self.list_items(items)?;
        Some(vec![Expr::Word("cx"), Expr::Array(values)])
    }

    fn unknown_call(&mut self, id: ExprId, callee: ExprId, args: &[ExprId], want: Want) -> Expr {
        let awaits = self.awaits(id);
        let site = self.call_site(id);
        let args = vec![self.passed(callee, awaits), self.passed_arguments(args, awaits)];
        let path = if want == Want::First { "call" } else { "call_multi" };
        operation(path, args, site, awaits)
    }

    fn method_call(&mut self, id: ExprId, receiver: ExprId, name: &str, args: &[ExprId], want: Want) -> Expr {
        let awaits = self.awaits(id);
        let site = self.method_site(id, receiver, name);
        if self.is_looked_up_first(id, receiver, args) {
            let args = vec![self.bound(receiver, name, &site, awaits), self.passed_arguments(args, awaits)];
            let path = if want == Want::First { "call_bound" } else { "call_bound_multi" };
            return operation(path, args, site, awaits);
        }
        let receiver = self.receiver(receiver, awaits);
        let direct = library::single_method(name).and_then(|method| method.direct);
        if let Some(path) = direct.filter(|_| args.is_empty() && want == Want::First && !awaits) {
            return operation(path, vec![receiver, Expr::Key(name.to_owned())], site, false);
        }
        let args = vec![receiver, Expr::Key(name.to_owned()), self.passed_arguments(args, awaits)];
        let path = if want == Want::First { "method" } else { "method_multi" };
        operation(path, args, site, awaits)
    }

    /// `receiver:name`, looked up before the arguments run.
    pub fn bound(&mut self, receiver: ExprId, name: &str, site: &Site, awaits: bool) -> Expr {
        let awaits = awaits && self.context.facts.look_ups_suspend;
        let args = vec![self.receiver(receiver, awaits), Expr::Key(name.to_owned())];
        let line = self.context.operator_line(receiver);
        let site = Site { names: site.names.clone(), ..self.site_in(line) };
        operation("bound", args, site, awaits)
    }

    /// Whether a method is looked up in a step of its own: its arguments might notice, or its name stands in
    /// another line than the call.
    pub fn is_looked_up_first(&self, id: ExprId, receiver: ExprId, args: &[ExprId]) -> bool {
        self.call_something(args) || self.context.operator_line(receiver) != self.context.first_line(id)
    }

    /// Whether running the arguments can do something that a look-up before or behind it would notice.
    fn call_something(&self, args: &[ExprId]) -> bool {
        let unit = self.context.unit;
        let mut calls = false;
        for argument in args {
            visit::expression(unit, *argument, &mut |part| {
                calls |= matches!(unit.exprs[part].kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. });
            });
        }
        calls
    }

    /// The site of a method call: the receiver first, then the method.
    pub fn method_site(&self, id: ExprId, receiver: ExprId, name: &str) -> Site {
        Site { names: vec![self.name_of(receiver), Name::Method(name.to_owned())], ..self.site_at(id) }
    }

    /// The site of a call, with the name its callee has there.
    pub fn call_site(&self, id: ExprId) -> Site {
        match &self.context.unit.exprs[id].kind {
            ExprKind::Call { callee, .. } => self.site(id, &[*callee]),
            _ => self.site_at(id),
        }
    }

    /// Arguments as a call through a value takes them, which only borrows if it may suspend.
    pub fn passed_arguments(&mut self, args: &[ExprId], awaits: bool) -> Expr {
        if awaits { self.argument_slice(args) } else { self.arguments(args) }
    }

    /// Arguments as a slice: `&[a, b]`, or `&with_rest(cx, [a], g())` where the last gives several.
    fn argument_slice(&mut self, args: &[ExprId]) -> Expr {
        match self.arguments(args) {
            own @ (Expr::Word(_) | Expr::Borrow(_)) => own,
            list => list.borrowed(),
        }
    }

    /// Arguments as a slice that is written to: `&mut [a, b]`.
    fn lent_arguments(&mut self, args: &[ExprId]) -> Expr {
        let list = match self.arguments(args) {
            // The function's own varargs stay.
            Expr::Borrow(own) => Expr::Clone(own),
            list => list,
        };
        Expr::BorrowMut(Box::new(list))
    }

    /// Arguments to be used up: `[a, b]`, `with_rest(cx, [a], g())`, or the function's own varargs.
    fn arguments(&mut self, args: &[ExprId]) -> Expr {
        if let [only] = args
            && matches!(self.context.unit.exprs[*only].kind, ExprKind::Vararg)
            && !self.has_no_varargs()
        {
            return self.varargs();
        }
        match self.with_rest(args) {
            Some(list) => list,
            None => Expr::Array(args.iter().map(|argument| self.owned(*argument)).collect()),
        }
    }

    /// `with_rest(cx, [a, b], multi)` if the last of `values` gives several.
    fn with_rest(&mut self, values: &[ExprId]) -> Option<Expr> {
        let (last, fixed) = values.split_last()?;
        if !self.gives_several(*last) {
            return None;
        }
        let fixed = Expr::Array(fixed.iter().map(|value| self.owned(*value)).collect());
        let rest = self.multi(&[*last]);
        let args = vec![Expr::Word("cx"), fixed, rest];
        let call = Call { path: "with_rest".to_owned(), args, ending: Ending::Nothing };
        Some(Expr::Call(Box::new(call)))
    }

    /// Values as a `Multi`.
    pub fn multi(&mut self, values: &[ExprId]) -> Expr {
        let build = |name: &str, args: Vec<Expr>| {
            let mut all = vec![Expr::Word("cx")];
            all.extend(args);
            let path = format!("Multi::{name}");
            Expr::Call(Box::new(Call { path, args: all, ending: Ending::Nothing }))
        };
        match values {
            [] => build("none", Vec::new()),
            [only] if matches!(self.context.unit.exprs[*only].kind, ExprKind::Vararg) => {
                if self.has_no_varargs() {
                    return build("none", Vec::new());
                }
                build("from_slice", vec![self.varargs()])
            }
            [only] if self.gives_several(*only) => {
                let (call, given) = self.call(*only, Want::All);
                match given {
                    Returns::Multi => call,
                    _ => method(call, "into_multi", vec![Expr::Word("cx")]),
                }
            }
            [only] => {
                let value = self.owned(*only);
                build("one", vec![value])
            }
            several => {
                let list = match self.with_rest(several) {
                    Some(list) => list,
                    None => Expr::Array(several.iter().map(|value| self.owned(*value)).collect()),
                };
                build("from_values", vec![list])
            }
        }
    }
}

/// An owned argument list.
fn args_from(array: Expr) -> Expr {
    let call = Call { path: "Args::from_iter".to_owned(), args: vec![array], ending: Ending::Nothing };
    Expr::Call(Box::new(call))
}
