//! What holds for every unit that resolve made without a diagnostic. Checked in tests and debug builds.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::{Block, ExprId, ExprKind, FunctionId, LabelId, LocalId, LoopId, Stmt, StmtKind, TableItem, Unit};
use crate::index::{Id, IdVec};

/// Every rule that is broken, one line each; none in a sound unit.
pub fn verify(unit: &Unit) -> Vec<String> {
    let mut verifier = Verifier {
        unit,
        broken: Vec::new(),
        exprs: BTreeSet::new(),
        functions: BTreeSet::new(),
        loops: BTreeSet::new(),
        placed_labels: BTreeSet::new(),
        captures: unit
            .functions
            .iter()
            .flat_map(|(id, function)| function.captures.iter().map(move |local| (*local, id)))
            .collect(),
    };
    verifier.unit();
    verifier.broken
}

struct Verifier<'a> {
    unit: &'a Unit,
    broken: Vec<String>,
    /// Seen so far: each is the child of one place.
    exprs: BTreeSet<ExprId>,
    functions: BTreeSet<FunctionId>,
    loops: BTreeSet<LoopId>,
    placed_labels: BTreeSet<LabelId>,
    /// What is captured, and by whom.
    captures: BTreeSet<(LocalId, FunctionId)>,
}

/// What surrounds a statement.
#[derive(Clone)]
struct Around {
    function: FunctionId,
    loops: Vec<LoopId>,
    /// The labels of the blocks around it.
    labels: Vec<LabelId>,
}

impl Verifier<'_> {
    fn rule(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(text());
        }
    }

    fn in_range<I: Id, T>(&mut self, vector: &IdVec<I, T>, id: I) -> bool {
        let holds = id.index() < vector.len();
        self.rule(holds, || format!("{id:?} does not exist"));
        holds
    }

    fn once<I: Id + Debug>(&mut self, is_new: bool, id: I) {
        self.rule(is_new, || format!("{id:?} stands in two places"));
    }

    fn unit(&mut self) {
        let unit = self.unit;
        let chunk = &unit.functions[unit.chunk];
        self.rule(chunk.parent.is_none() && chunk.params.is_empty(), || {
            "the chunk has a parent or parameters".to_owned()
        });
        self.rule(chunk.is_vararg && chunk.captures.is_empty(), || {
            "the chunk is no vararg function without captures".to_owned()
        });
        self.function(unit.chunk, None);
        for (id, _) in unit.functions.iter() {
            let is_reached = self.functions.contains(&id);
            self.rule(is_reached, || format!("{id:?} stands nowhere"));
        }
        for (id, _) in unit.exprs.iter() {
            let is_reached = self.exprs.contains(&id);
            self.rule(is_reached, || format!("{id:?} stands nowhere"));
        }
        for (id, local) in unit.locals.iter() {
            if self.in_range(&unit.functions, local.owner) {
                let captured = self.captures.range((id, FunctionId::from_index(0))..).next();
                let captured = captured.is_some_and(|(local, _)| *local == id);
                self.rule(captured == local.is_captured, || format!("{id:?}: is_captured is wrong"));
            }
        }
        for cast in &unit.casts {
            self.in_range(&unit.exprs, cast.expr);
        }
    }

    fn function(&mut self, id: FunctionId, parent: Option<FunctionId>) {
        if !self.in_range(&self.unit.functions, id) {
            return;
        }
        let is_new = self.functions.insert(id);
        self.once(is_new, id);
        if !is_new {
            return;
        }
        let function = &self.unit.functions[id];
        self.rule(function.parent == parent, || {
            format!("{id:?} has another parent than the place it stands in")
        });
        for param in &function.params {
            self.declared(*param, id);
        }
        let mut seen = BTreeSet::new();
        for capture in &function.captures {
            self.rule(seen.insert(*capture), || format!("{id:?} captures {capture:?} twice"));
            if self.in_range(&self.unit.locals, *capture) {
                let owner = self.unit.locals[*capture].owner;
                let is_outer = self.is_inside(id, owner);
                self.rule(is_outer, || format!("{id:?} captures {capture:?}, which is no outer local"));
            }
        }
        let around = Around { function: id, loops: Vec::new(), labels: Vec::new() };
        self.block(&function.body, &around);
    }

    /// Whether `inner` stands, at any depth, in `outer`.
    fn is_inside(&self, inner: FunctionId, outer: FunctionId) -> bool {
        let mut at = self.unit.functions[inner].parent;
        while let Some(function) = at {
            if function == outer {
                return true;
            }
            at = self.unit.functions[function].parent;
        }
        false
    }

    /// A local is declared in the function that owns it.
    fn declared(&mut self, local: LocalId, function: FunctionId) {
        if self.in_range(&self.unit.locals, local) {
            let owner = self.unit.locals[local].owner;
            self.rule(owner == function, || format!("{local:?} is declared outside its owner"));
        }
    }

    fn block(&mut self, block: &Block, around: &Around) {
        let mut around = around.clone();
        for statement in block {
            if let StmtKind::Label(label) = statement.kind
                && self.in_range(&self.unit.labels, label)
            {
                let is_new = self.placed_labels.insert(label);
                self.once(is_new, label);
                around.labels.push(label);
            }
        }
        for statement in block {
            self.statement(statement, &around);
        }
    }

    fn statement(&mut self, statement: &Stmt, around: &Around) {
        match &statement.kind {
            StmtKind::Local { locals, values } => {
                self.rule(!locals.is_empty(), || "a `local` without names".to_owned());
                self.exprs(values, around);
                locals.iter().for_each(|local| self.declared(*local, around.function));
            }
            StmtKind::LocalFunction { local, function } => {
                self.declared(*local, around.function);
                self.function(*function, Some(around.function));
            }
            StmtKind::Assign { targets, values } => {
                self.rule(!targets.is_empty() && !values.is_empty(), || "an empty assignment".to_owned());
                for target in targets {
                    self.expr(*target, around);
                    self.place(*target);
                }
                self.exprs(values, around);
            }
            StmtKind::Call(call) => {
                self.expr(*call, around);
                if call.index() < self.unit.exprs.len() {
                    let kind = &self.unit.exprs[*call].kind;
                    let is_call = matches!(kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. });
                    self.rule(is_call, || format!("the statement {call:?} is no call"));
                }
            }
            StmtKind::Do(body) => self.block(body, around),
            StmtKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.expr(*condition, around);
                    self.block(body, around);
                }
                otherwise.iter().for_each(|body| self.block(body, around));
            }
            StmtKind::While { id, condition, body } => {
                self.expr(*condition, around);
                self.looped(*id, body, around);
            }
            StmtKind::Repeat { id, body, condition } => {
                self.looped(*id, body, around);
                self.expr(*condition, around);
            }
            StmtKind::NumericFor { id, variable, start, limit, step, body } => {
                self.exprs(&[*start, *limit], around);
                step.iter().for_each(|step| self.expr(*step, around));
                self.declared(*variable, around.function);
                self.looped(*id, body, around);
            }
            StmtKind::GenericFor { id, variables, values, body } => {
                self.exprs(values, around);
                variables.iter().for_each(|local| self.declared(*local, around.function));
                self.looped(*id, body, around);
            }
            StmtKind::Return(values) => self.exprs(values, around),
            StmtKind::Break(id) => {
                self.rule(around.loops.last() == Some(id), || format!("a break leaves {id:?} from outside"));
            }
            StmtKind::Goto(label) => {
                self.rule(around.labels.contains(label), || format!("a goto cannot see {label:?}"));
            }
            StmtKind::Label(_) => {}
        }
    }

    fn looped(&mut self, id: LoopId, body: &Block, around: &Around) {
        if self.in_range(&self.unit.loops, id) {
            let is_new = self.loops.insert(id);
            self.once(is_new, id);
        }
        let mut around = around.clone();
        around.loops.push(id);
        self.block(body, &around);
    }

    fn place(&mut self, target: ExprId) {
        if target.index() < self.unit.exprs.len() {
            let kind = &self.unit.exprs[target].kind;
            let is_place = matches!(
                kind,
                ExprKind::Local(_)
                    | ExprKind::Upvalue(_)
                    | ExprKind::Global(_)
                    | ExprKind::Field { .. }
                    | ExprKind::Index { .. }
            );
            self.rule(is_place, || format!("{target:?} is assigned to and is no place"));
        }
    }

    fn exprs(&mut self, exprs: &[ExprId], around: &Around) {
        exprs.iter().for_each(|expr| self.expr(*expr, around));
    }

    fn expr(&mut self, id: ExprId, around: &Around) {
        if !self.in_range(&self.unit.exprs, id) {
            return;
        }
        let is_new = self.exprs.insert(id);
        self.once(is_new, id);
        if !is_new {
            return;
        }
        let expr = &self.unit.exprs[id];
        self.rule(expr.span.start <= expr.span.end, || format!("{id:?} ends before it starts"));
        match &expr.kind {
            ExprKind::Function(function) => self.function(*function, Some(around.function)),
            ExprKind::Local(local) => self.declared(*local, around.function),
            ExprKind::Upvalue(local) => {
                let is_captured = self.captures.contains(&(*local, around.function));
                self.rule(is_captured, || {
                    format!("{id:?} uses {local:?}, which its function does not capture")
                });
            }
            ExprKind::Vararg => {
                let is_vararg = self.unit.functions[around.function].is_vararg;
                self.rule(is_vararg, || format!("{id:?}: `...` in a function without it"));
            }
            ExprKind::Field { base, .. } => self.expr(*base, around),
            ExprKind::Index { base, key } => self.exprs(&[*base, *key], around),
            ExprKind::Call { callee, args } => {
                self.expr(*callee, around);
                self.exprs(args, around);
            }
            ExprKind::MethodCall { receiver, args, .. } => {
                self.expr(*receiver, around);
                self.exprs(args, around);
            }
            ExprKind::Unary { operand, .. } => self.expr(*operand, around),
            ExprKind::Binary { left, right, .. }
            | ExprKind::And { left, right }
            | ExprKind::Or { left, right } => {
                self.exprs(&[*left, *right], around);
            }
            ExprKind::Concat(parts) => {
                self.rule(parts.len() >= 2, || format!("{id:?} joins fewer than two values"));
                self.exprs(parts, around);
            }
            ExprKind::Table(items) => items.iter().for_each(|item| match item {
                TableItem::Positional(value) | TableItem::Named { value, .. } => self.expr(*value, around),
                TableItem::Keyed { key, value } => self.exprs(&[*key, *value], around),
            }),
            ExprKind::Single(inner) => {
                self.expr(*inner, around);
                let kind = &self.unit.exprs[*inner].kind;
                let gives_several =
                    matches!(kind, ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg);
                self.rule(gives_several, || format!("{id:?} wraps what gives one value anyway"));
            }
            ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Global(_) => {}
        }
    }
}
