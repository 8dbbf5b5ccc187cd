//! One function: its parameters, what it captures, its body.

use std::collections::BTreeMap;

use super::expression::operation;
use super::ir::{self, Binder, Call, Ending, Expr, Returns, Site, Stmt};
use super::jump::{Frame, Target};
use super::unit::{Storage, UnitContext};
use crate::analyze::{Binding, Callee, Shape};
use crate::hir::{ExprKind, FunctionId, LabelId, LocalId, StmtKind, visit};

/// One function while it is being lowered.
pub struct Lowerer<'a> {
    pub context: &'a UnitContext<'a>,
    pub function: FunctionId,
    pub is_async: bool,
    pub returns: Returns,
    /// The loops and labelled blocks around, innermost last.
    pub frames: Vec<Frame>,
    pub targets: BTreeMap<LabelId, Target>,
    /// Locals that were declared in front of a block because jumps go around their declarations.
    pub hoisted: BTreeMap<LocalId, String>,
    /// A self tail call starts the body again.
    pub has_self_tail_call: bool,
    /// The function is made of operators.
    pub is_leaf: bool,
    /// How many loops are around whose turns take as long as their operators.
    pub busy_loops: usize,
    /// How many names were invented.
    pub invented: usize,
    /// What the statement that was lowered last leaves in variables of its own.
    pub leftovers: Vec<String>,
    /// Its statements are put in parts (`parts.rs`).
    pub is_long: bool,
    pub labels: super::names::Items,
    /// Where the text that has been seen ends.
    pub cursor: usize,
}

/// The label of the loop that a self tail call starts again.
pub const TAIL: &str = "tail";

/// The definition of a script's chunk.
pub const MAIN_CHUNK: &str = "MAIN_CHUNK";

pub fn lower(context: &UnitContext<'_>, id: FunctionId) -> ir::Function {
    let function = &context.unit.functions[id];
    let is_chunk = id == context.unit.chunk;
    let returns = match context.facts.shapes[id] {
        Shape::Fixed(0) => Returns::Unit,
        Shape::Fixed(1) => Returns::Value,
        Shape::Fixed(count) => Returns::Array(count),
        Shape::Many => Returns::Multi,
    };
    let mut lowerer = Lowerer {
        context,
        function: id,
        is_async: context.facts.reasons[id].is_some(),
        returns,
        frames: Vec::new(),
        targets: BTreeMap::new(),
        hoisted: BTreeMap::new(),
        has_self_tail_call: has_self_tail_call(context, id) && !closes_variables(context, id),
        is_leaf: !is_chunk && is_leaf(context, id),
        busy_loops: 0,
        leftovers: Vec::new(),
        invented: 0,
        is_long: super::parts::is_long(context.unit, id),
        labels: super::names::Items::default(),
        cursor: function.span.start as usize,
    };
    let mut body = super::comments::tidy(lowerer.body());
    lowerer.flatten(&mut body);
    if lowerer.is_long {
        super::parts::cut(&mut body, returns);
    }
    let params = function.params.iter().map(|local| lowerer.param(*local)).collect();
    let params = lowerer.distinct(params).into_iter().zip(&function.params);
    let params: Vec<ir::Param> = params
        .map(|(binder, local)| ir::Param {
            binder,
            is_borrowed: context.storage[*local] == Storage::Borrowed,
        })
        .collect();
    // What may suspend has its variables in memory anyway.
    if !lowerer.is_async {
        let owned = params.iter().filter(|param| !param.is_borrowed);
        super::memory::keep(owned.map(|param| param.binder.name.clone()).collect(), &mut body);
    }
    let holds = super::sections::Holds::of_function(lowerer.is_async, &params);
    super::sections::make(&mut body, holds);
    ir::Function {
        name: context.items[id].name.clone(),
        definition: match (is_chunk, &context.own.script) {
            (false, _) => Some(context.items[id].definition.clone()),
            (true, Some(_)) => Some(MAIN_CHUNK.to_owned()),
            (true, None) => None,
        },
        lua_name: if is_chunk { "main chunk".to_owned() } else { function.name.clone().unwrap_or_default() },
        lines: (context.line(function.span), context.sources.last_line(function.span)),
        captures: context.facts.captures[id]
            .iter()
            .map(|local| context.unit.locals[*local].name.clone())
            .collect(),
        is_chunk,
        is_entrance: context.entrance() == Some(id),
        reason: context.facts.reasons[id].clone(),
        takes_this: !context.is_static(id),
        params,
        is_vararg: function.is_vararg && !(is_chunk && context.own.script.is_none()),
        returns,
        falls_through: crate::analyze::falls_through(context.unit, &function.body)
            && !lowerer.has_self_tail_call,
        body,
    }
}

/// `cx.spend()?;`, at the start of every turn of a loop: a busy process lets others run.
pub fn spend() -> Stmt {
    of_process("cx.spend")
}

fn of_process(path: &str) -> Stmt {
    let call = Call { path: path.to_owned(), args: Vec::new(), ending: Ending::Try };
    Stmt::Eval(Expr::Call(Box::new(call)))
}

/// Whether its callers keep the arguments: so nothing is counted when they are passed, and nothing is
/// dropped at its ends. Functions that loops are made of take values, which may be in registers.
pub fn borrows_params(context: &UnitContext<'_>, id: FunctionId) -> bool {
    context.facts.reasons[id].is_none()
        && context.facts.groups[id].is_none()
        && !is_leaf(context, id)
        && !has_self_tail_call(context, id)
}

/// Whether the function is made of operators and calls of functions like it: such functions are short
/// and called from loops.
fn is_leaf(context: &UnitContext<'_>, id: FunctionId) -> bool {
    let mut does_more = false;
    visit::expressions(context.unit, &context.unit.functions[id].body, &mut |part| {
        does_more |= match context.unit.exprs[part].kind {
            ExprKind::Call { .. } => !matches!(context.facts.callees[part], Callee::Function(_)),
            ExprKind::MethodCall { .. } | ExprKind::Table(_) | ExprKind::Function(_) => true,
            _ => false,
        };
    });
    !does_more
}

/// Whether a variable of the function is to be closed: then no call of it is in tail position.
fn closes_variables(context: &UnitContext<'_>, id: FunctionId) -> bool {
    let mut locals = context.unit.locals.iter();
    locals.any(|(_, local)| local.owner == id && local.kind == crate::hir::LocalKind::ToBeClosed)
}

/// Whether the function has a `return f(..)` of itself that can be a jump.
fn has_self_tail_call(context: &UnitContext<'_>, id: FunctionId) -> bool {
    let mut found = false;
    visit::statements(&context.unit.functions[id].body, &mut |statement| {
        if let StmtKind::Return(values) = &statement.kind
            && let [only] = values.as_slice()
        {
            found |= is_self_tail_call(context, id, *only);
        }
    });
    found
}

/// `return f(a, b)` inside `f`, as a jump.
pub fn is_self_tail_call(context: &UnitContext<'_>, id: FunctionId, call: crate::hir::ExprId) -> bool {
    context.facts.callees[call] == crate::analyze::Callee::Function(id)
        && crate::analyze::can_start_again(context.unit, id, call)
}

impl Lowerer<'_> {
    fn body(&mut self) -> ir::Block {
        let context = self.context;
        let function = &context.unit.functions[self.function];
        let mut body = Vec::new();
        let may_recurse =
            context.facts.groups[self.function].is_some() || context.facts.has_unknown_calls[self.function];
        if may_recurse && self.function != context.unit.chunk {
            body.push(of_process(if self.is_hot() { "cx.enter_inlined" } else { "cx.enter" }));
        }
        for (at, local) in context.facts.captures[self.function].iter().enumerate() {
            let name = context.variable(&context.unit.locals[*local].name);
            let value = match context.storage[*local] {
                Storage::Cell => Expr::SharedUpvalue(at),
                _ => Expr::Captured(at),
            };
            body.push(Stmt::Let(Binder { name, is_mutable: false }, value));
        }
        if self.function == context.unit.chunk {
            body.extend(self.shared_modules());
            for (alias, target) in &context.own.imports {
                body.push(self.load(alias, *target));
            }
        }
        let mut inner = Vec::new();
        for local in &function.params {
            if context.storage[*local] == Storage::Cell {
                let name = context.variable(&context.unit.locals[*local].name);
                let parameter = Expr::Name(self.param(*local).name);
                let value = if self.has_self_tail_call { parameter.owned() } else { parameter };
                inner.push(Stmt::Let(Binder { name, is_mutable: false }, Expr::CellNew(Box::new(value))));
            }
        }
        if self.has_self_tail_call {
            self.frames.push(Frame::Other);
            inner.extend(self.block(&function.body));
            if crate::analyze::falls_through(context.unit, &function.body) {
                inner.push(self.return_values(&[]));
            }
            self.frames.pop();
            inner.insert(0, spend());
            body.push(Stmt::Loop { label: Some(TAIL.to_owned()), body: inner });
        } else {
            body.extend(inner);
            body.extend(self.block(&function.body));
        }
        body
    }

    /// `cx.share("time", Value::module(&time::TIME));`, where modules are globals as well.
    fn shared_modules(&self) -> Vec<Stmt> {
        let context = self.context;
        if !context.facts.globals.is_shared() {
            return Vec::new();
        }
        let modules = context.own.modules.iter().filter_map(|name| crate::library::module(name));
        let share = |module: &'static crate::library::Module| {
            let args = vec![Expr::Str(module.name.to_owned()), Expr::Module(module)];
            let call = Call { path: "cx.share".to_owned(), args, ending: Ending::Nothing };
            Stmt::Eval(Expr::Call(Box::new(call)))
        };
        modules.map(share).collect()
    }

    /// `cx.load("text", "app:text", crate::app_text::chunk)?;`: imports run before the unit does.
    fn load(&self, alias: &str, target: crate::analyze::UnitId) -> Stmt {
        let context = self.context;
        let args = vec![
            Expr::Str(alias.to_owned()),
            Expr::Str(context.world[target].unit.entry.clone()),
            Expr::Path(format!("crate::{}::chunk", context.modules[target])),
        ];
        let path = if context.facts.globals.is_shared() { "cx.load_shared" } else { "cx.load" };
        Stmt::Eval(Expr::Call(Box::new(Call { path: path.to_owned(), args, ending: Ending::Try })))
    }

    /// The Rust parameter of a Lua parameter.
    pub fn param(&self, local: LocalId) -> Binder {
        let declared = &self.context.unit.locals[local];
        let name = self.context.variable(&declared.name);
        if self.context.storage[local] == Storage::Cell && self.has_self_tail_call {
            // The cell takes the name; the next turn's value waits in a variable of its own.
            return Binder { name: format!("mw_next_{}", declared.name), is_mutable: true };
        }
        let is_mutable = self.context.storage[local] == Storage::Variable
            && (declared.is_reassigned || self.has_self_tail_call);
        Binder { name, is_mutable }
    }

    /// Binders that stand together: where Lua repeats a name, the last one has it and nobody sees the
    /// others.
    pub fn distinct(&mut self, mut binders: Vec<Binder>) -> Vec<Binder> {
        for at in 0..binders.len() {
            let (before, after) = binders.split_at_mut(at + 1);
            if let Some(binder) = before.last_mut()
                && binder.name != "_"
                && after.iter().any(|other| other.name == binder.name)
            {
                *binder = Binder { name: self.invent("hidden"), is_mutable: binder.is_mutable };
            }
        }
        binders
    }

    /// `path(cx, args.., site)?`, inlined where the code is hot.
    pub fn operator(&self, path: &str, args: Vec<Expr>, site: Site, awaits: bool) -> Expr {
        if self.is_hot() && !awaits {
            operation(&format!("fast::{path}"), args, site, false)
        } else {
            operation(path, args, site, awaits)
        }
    }

    /// A name that no Lua program can have.
    pub fn invent(&mut self, what: &str) -> String {
        self.invented += 1;
        format!("mw_{what}_{}", self.invented)
    }

    /// The value of a local as an expression that is a place or a constant.
    pub fn read_local(&mut self, local: LocalId) -> Expr {
        let context = self.context;
        match context.facts.bindings[local] {
            Binding::Literal(literal) => return self.literal(literal),
            Binding::Module(module) => return self.module(module),
            Binding::Library(module, function) => return Expr::Library(module, function.name),
            Binding::Function(function) if context.is_static(function) => {
                return Expr::Function(context.items[function].definition.clone());
            }
            Binding::Function(function) if function == self.function => {
                return Expr::This { is_reference: !self.is_async };
            }
            _ => {}
        }
        let name = self.local_name(local);
        match context.storage[local] {
            Storage::Cell => Expr::CellGet(name),
            Storage::Borrowed => Expr::Reference(name),
            _ if context.unit.locals[local].owner != self.function => Expr::Reference(name),
            _ => Expr::Name(name),
        }
    }

    /// The Rust variable of a local.
    pub fn local_name(&self, local: LocalId) -> String {
        match self.hoisted.get(&local) {
            Some(name) => name.clone(),
            None => self.context.variable(&self.context.unit.locals[local].name),
        }
    }

    /// What a closure stores for the local it captures.
    fn capture(&mut self, local: LocalId) -> Expr {
        match self.context.storage[local] {
            Storage::Cell => Expr::CellCapture(self.local_name(local)),
            _ => self.read_local(local).owned(),
        }
    }

    /// The value of a function expression.
    pub fn function_value(&mut self, function: FunctionId) -> Expr {
        let definition = self.context.items[function].definition.clone();
        if self.context.is_static(function) {
            return Expr::Function(definition);
        }
        let captures = self.context.facts.captures[function].clone();
        let captures = captures.into_iter().map(|local| self.capture(local)).collect();
        Expr::Closure { definition, captures }
    }
}
