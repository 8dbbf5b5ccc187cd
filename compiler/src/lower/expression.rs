//! Expressions in the three ways code may want them: owned, borrowed, or as a condition.

use super::call::Want;
use super::function::Lowerer;
use super::ir::{self, Call, Ending, Expr, Returns, Site, Stmt};
use super::order::behind;
use crate::analyze::{Binding, Callee, Shape, known};
use crate::hir::{ExprId, ExprKind, UnaryOp};
use crate::library::{self, Results};

/// `receiver.name(args)`
pub fn method(receiver: Expr, name: &'static str, args: Vec<Expr>) -> Expr {
    Expr::Method { receiver: Box::new(receiver), name, args }
}

/// `path(cx, args.., site)?`
pub fn operation(path: &str, args: Vec<Expr>, site: Site, awaits: bool) -> Expr {
    let path = if awaits { format!("{path}_async") } else { path.to_owned() };
    let mut all = vec![Expr::Word("cx")];
    all.extend(args);
    all.push(Expr::Site(site));
    Expr::Call(Box::new(Call { path, args: all, ending: Ending::Placed { awaits } }))
}

/// `path(cx, args..)` that cannot fail.
pub fn certain(path: &str, args: Vec<Expr>) -> Expr {
    let mut all = vec![Expr::Word("cx")];
    all.extend(args);
    Expr::Call(Box::new(Call { path: path.to_owned(), args: all, ending: Ending::Nothing }))
}

impl Lowerer<'_> {
    /// The expression as one owned value.
    pub fn owned(&mut self, id: ExprId) -> Expr {
        match self.value(id) {
            value @ Expr::Name(_) if self.is_last_read(id) => value,
            value @ (Expr::Name(_) | Expr::Reference(_) | Expr::This { .. }) if self.is_hot() => {
                let call = Call {
                    path: "fast::clone".to_owned(),
                    args: vec![value.borrowed()],
                    ending: Ending::Nothing,
                };
                Expr::Call(Box::new(call))
            }
            value => value.owned(),
        }
    }

    /// Whether the expression is the last read of a variable, which may take the value.
    fn is_last_read(&self, id: ExprId) -> bool {
        self.context.facts.moves.contains(&id) && !self.may_be_set_in_a_part(id)
    }

    /// A closure cannot give a new value to a variable whose value has been taken.
    fn may_be_set_in_a_part(&self, id: ExprId) -> bool {
        let ExprKind::Local(local) = self.context.unit.exprs[id].kind else { return false };
        self.is_long && self.context.unit.locals[local].is_reassigned
    }

    /// The expression as a called operation takes it, which only borrows if it may suspend.
    pub fn passed(&mut self, id: ExprId, awaits: bool) -> Expr {
        let value = self.value(id);
        if awaits { value.borrowed() } else { value.operand() }
    }

    /// The receiver of a method call. A last read hands it over, so that it goes when the call returns
    /// and not at the end of the block.
    pub fn receiver(&mut self, id: ExprId, awaits: bool) -> Expr {
        match self.value(id) {
            value @ Expr::Name(_) if !awaits && self.is_last_read(id) => value,
            value if awaits => value.borrowed(),
            value => value.operand(),
        }
    }

    /// The expression as one value: a place, or something new.
    pub fn value(&mut self, id: ExprId) -> Expr {
        let unit = self.context.unit;
        match &unit.exprs[id].kind {
            ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::String(_) => self.literal(id),
            ExprKind::Vararg => self.first_vararg(),
            ExprKind::Function(function) => self.function_value(*function),
            ExprKind::Local(local) | ExprKind::Upvalue(local) => self.read_local(*local),
            ExprKind::Global(name) => self.global(id, name),
            ExprKind::Field { base, name } => self.field(id, *base, name),
            ExprKind::Index { base, key } => {
                let site = self.read_site(id, *base);
                let awaits = self.awaits(id);
                let mut before = Vec::new();
                let args = self.pair(*base, *key, awaits, &mut before);
                behind(before, self.operator("index", args, site, awaits))
            }
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } => {
                let (call, given) = self.call(id, Want::First);
                self.first_of(call, given)
            }
            ExprKind::Single(inner) => self.value(*inner),
            ExprKind::And { left, right } => {
                Expr::And(Box::new(self.owned(*left)), Box::new(self.owned(*right)))
            }
            ExprKind::Or { left, right } => {
                Expr::Or(Box::new(self.owned(*left)), Box::new(self.owned(*right)))
            }
            ExprKind::Concat(parts) => {
                let last = parts.len().saturating_sub(2);
                let site =
                    parts.get(last).map_or_else(|| self.site_at(id), |left| self.operator_site(*left, parts));
                let parts = Expr::Array(parts.iter().map(|part| self.owned(*part)).collect());
                let awaits = self.awaits(id);
                operation("concat", vec![if awaits { parts.borrowed() } else { parts }], site, awaits)
            }
            ExprKind::Table(items) => self.table(id, items),
            ExprKind::Unary { op, operand } => self.unary(id, *op, *operand),
            ExprKind::Binary { op, .. } if op.is_comparison() => Expr::BoolValue(Box::new(self.truth(id))),
            ExprKind::Binary { op, left, right } => self.arithmetic(id, *op, *left, *right),
        }
    }

    /// The expression as a Rust condition.
    pub fn truth(&mut self, id: ExprId) -> Expr {
        let unit = self.context.unit;
        match &unit.exprs[id].kind {
            ExprKind::Nil | ExprKind::False => Expr::Word("false"),
            ExprKind::True => Expr::Word("true"),
            ExprKind::Unary { op: UnaryOp::Not, operand } => Expr::Not(Box::new(self.truth(*operand))),
            ExprKind::And { left, right } => {
                Expr::AndAlso(Box::new(self.truth(*left)), Box::new(self.truth(*right)))
            }
            ExprKind::Or { left, right } => {
                Expr::OrElse(Box::new(self.truth(*left)), Box::new(self.truth(*right)))
            }
            ExprKind::Binary { op, left, right } if op.is_comparison() => {
                self.comparison(id, *op, *left, *right)
            }
            ExprKind::Single(inner) => self.truth(*inner),
            _ => Expr::Truthy(Box::new(self.value(id))),
        }
    }

    pub fn literal(&self, id: ExprId) -> Expr {
        match &self.context.unit.exprs[id].kind {
            ExprKind::True => Expr::Bool(true),
            ExprKind::False => Expr::Bool(false),
            ExprKind::Integer(value) => Expr::Int(*value),
            ExprKind::Float(value) => Expr::Float(*value),
            ExprKind::String(bytes) => Expr::Text(bytes.clone()),
            ExprKind::Unary { operand, .. } => match &self.context.unit.exprs[*operand].kind {
                ExprKind::Integer(value) => Expr::Int(value.wrapping_neg()),
                ExprKind::Float(value) => Expr::Float(-value),
                _ => Expr::Nil,
            },
            _ => Expr::Nil,
        }
    }

    fn first_vararg(&mut self) -> Expr {
        if self.has_no_varargs() {
            return Expr::Nil;
        }
        let first = method(Expr::Word("varargs"), "first", Vec::new());
        method(method(first, "cloned", Vec::new()), "unwrap_or_default", Vec::new())
    }

    /// The chunk of an entry gets no arguments; that of a script does.
    pub fn has_no_varargs(&self) -> bool {
        self.function == self.context.unit.chunk && self.context.own.script.is_none()
    }

    /// A library as a value: in a script an ordinary table of the script's own.
    pub fn module(&self, module: &'static library::Module) -> Expr {
        if self.context.own.script.is_none() {
            return Expr::Module(module);
        }
        let table = Expr::Path(format!("{}::{}", module.rust, module.table)).borrowed();
        Expr::Call(Box::new(Call {
            path: "cx.library".to_owned(),
            args: vec![table],
            ending: Ending::Nothing,
        }))
    }

    /// What the analysis knows an expression to be, as a value.
    fn known_value(&self, id: ExprId) -> Option<Expr> {
        match known(self.context.own, &self.context.facts.globals, &self.context.facts.bindings, id) {
            Binding::Module(module) => Some(self.module(module)),
            Binding::Library(module, function) => Some(Expr::Library(module, function.name)),
            Binding::Import(target) => {
                let own = &self.context.world[target].unit;
                let chunk = Expr::Path(format!("crate::{}::chunk", self.context.modules[target]));
                let import = Call {
                    path: "cx.import".to_owned(),
                    args: vec![Expr::Str(own.entry.clone()), chunk],
                    ending: Ending::At { site: self.site_at(id), is_boxed: false, awaits: false },
                };
                Some(Expr::Call(Box::new(import)))
            }
            _ => None,
        }
    }

    /// `require("text")` of something known.
    pub fn required(&self, id: ExprId) -> Option<Expr> {
        self.known_value(id)
    }

    fn global(&mut self, id: ExprId, name: &str) -> Expr {
        if let Some(known) = self.known_value(id) {
            return known;
        }
        let site = self.site_in(self.context.read_line(id));
        operation("global", vec![Expr::Key(name.to_owned())], site, false)
    }

    fn field(&mut self, id: ExprId, base: ExprId, name: &str) -> Expr {
        if let Some(known) = self.known_value(id) {
            return known;
        }
        if let Binding::Module(module) =
            known(self.context.own, &self.context.facts.globals, &self.context.facts.bindings, base)
            && let Some(constant) = module.constant(name)
        {
            return Expr::Library(module, constant);
        }
        let site = self.read_site(id, base);
        let awaits = self.awaits(id);
        let args = vec![self.passed(base, awaits), Expr::Key(name.to_owned())];
        self.operator("field", args, site, awaits)
    }

    /// Whether evaluating the expression can be left out: it has no effect and cannot fail.
    pub fn is_pure(&self, id: ExprId) -> bool {
        match &self.context.unit.exprs[id].kind {
            ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Vararg
            | ExprKind::Function(_)
            | ExprKind::Local(_)
            | ExprKind::Upvalue(_) => true,
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                matches!(self.context.unit.exprs[*operand].kind, ExprKind::Integer(_) | ExprKind::Float(_))
            }
            _ => matches!(
                known(self.context.own, &self.context.facts.globals, &self.context.facts.bindings, id),
                Binding::Module(_) | Binding::Library(..)
            ),
        }
    }

    /// Whether the expression may give another number of values than one.
    pub fn gives_several(&self, id: ExprId) -> bool {
        match &self.context.unit.exprs[id].kind {
            ExprKind::Vararg => true,
            ExprKind::Call { .. } if self.required(id).is_some() => false,
            ExprKind::Call { .. } => self.is_open_call(id),
            ExprKind::MethodCall { name, .. } => {
                self.is_open_call(id)
                    && (library::single_method(name).is_none() || self.context.facts.is_lua_method(name))
            }
            _ => false,
        }
    }

    fn is_open_call(&self, id: ExprId) -> bool {
        match self.context.facts.callees[id] {
            Callee::Function(function) => self.context.facts.shapes[function] != Shape::Fixed(1),
            Callee::Library(_, function) => function.results != Results::One,
            Callee::Unknown => true,
        }
    }

    /// The first of a call's results.
    pub fn first_of(&mut self, call: Expr, given: Returns) -> Expr {
        match given {
            Returns::Value => call,
            Returns::Multi => method(call, "first", Vec::new()),
            Returns::Unit => Expr::Block(vec![Stmt::Eval(call)], Box::new(Expr::Nil)),
            Returns::Array(_) => {
                let multi = method(call, "into_multi", vec![Expr::Word("cx")]);
                method(multi, "first", Vec::new())
            }
        }
    }

    /// Whether the operation of this expression is awaited.
    pub fn awaits(&self, id: ExprId) -> bool {
        self.is_async && self.context.facts.suspends[id]
    }
}

pub fn let_(name: &str, value: Expr) -> Stmt {
    Stmt::Let(ir::Binder { name: name.to_owned(), is_mutable: false }, value)
}
