//! The places where something may suspend, and what that depends on.

use super::super::flow::{Atom, Flow};
use super::super::metamethods::{METAMETHODS, Use};
use super::super::{Callee, FunctionRef, UnitId, World};
use crate::hir::{BinaryOp, ExprId, ExprKind, LocalId, LocalKind, LoopId, StmtKind, UnaryOp, Unit, visit};
use crate::index::{Id, IdVec};
use crate::library::Suspends;

/// A place that may suspend.
pub struct Site {
    pub owner: FunctionRef,
    pub place: Place,
    pub cause: Cause,
}

#[derive(Clone, Copy)]
pub enum Place {
    Expr(ExprId),
    Loop(LoopId),
    /// The end of a block behind a variable that is to be closed: of interest to the function alone.
    End,
}

/// What makes a place suspend.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// A library function that blocks the task, whatever else happens.
    pub blocks: Option<&'static str>,
    /// `coroutine.yield`: it suspends the coroutine, which its resumer need not notice.
    pub yields: bool,
    /// It resumes coroutines: it waits if anything inside one blocks.
    pub resumes: bool,
    /// Functions it may call.
    pub targets: Vec<FunctionRef>,
}

impl Cause {
    fn is_empty(&self) -> bool {
        self.blocks.is_none() && !self.yields && !self.resumes && self.targets.is_empty()
    }

    /// What the functions that libraries were given may do when a library runs them.
    pub fn calls_given(&mut self, flow: &Flow) {
        self.calls(&flow.given(), &[]);
        // Whether *these* resume coroutines is asked about what the coroutines do.
        self.resumes = false;
        self.yields = false;
    }

    /// What calling `atoms` adds. `given`: what `pcall` may run when it is called as a value.
    fn calls(&mut self, atoms: &[Atom], given: &[Atom]) {
        for atom in atoms {
            match atom {
                Atom::Lua(function) => self.targets.push(*function),
                Atom::Library(function) => self.library(function.suspends, function.name, given),
            }
        }
    }

    fn library(&mut self, suspends: Suspends, name: &'static str, callbacks: &[Atom]) {
        match suspends {
            Suspends::Never => {}
            Suspends::Always => self.blocks = self.blocks.or(Some(name)),
            Suspends::Yielding => self.yields = true,
            Suspends::Resuming => self.resumes = true,
            Suspends::WithCallback => {
                let direct = |atom: &&Atom| !matches!(atom, Atom::Library(function) if function.suspends == Suspends::WithCallback);
                let callbacks: Vec<Atom> = callbacks.iter().filter(direct).copied().collect();
                self.calls(&callbacks, &[]);
            }
        }
    }
}

/// Every place of the application that may suspend.
pub fn sites(world: &World, callees: &[IdVec<ExprId, Callee>], flow: &Flow) -> Vec<Site> {
    let metamethods = Metamethods::new(flow);
    let given = flow.given();
    let mut sites = Vec::new();
    for (unit, own) in world.iter() {
        for (function, body) in own.unit.functions.iter() {
            let owner = FunctionRef { unit, function };
            let mut see = |place: Place, cause: Cause| {
                if !cause.is_empty() {
                    sites.push(Site { owner, place, cause });
                }
            };
            let calling = |atoms: &[Atom]| {
                let mut cause = Cause::default();
                cause.calls(atoms, &given);
                cause
            };
            visit::statements(&body.body, &mut |statement| match &statement.kind {
                StmtKind::GenericFor { id, .. } => {
                    see(Place::Loop(*id), calling(&flow.iterator(unit, *id)));
                }
                // `__close` runs when the block ends.
                StmtKind::Local { locals, .. } if closes(&own.unit, locals) => {
                    see(Place::End, calling(&metamethods.close));
                }
                StmtKind::Assign { targets, .. } => {
                    for target in targets {
                        if matches!(
                            own.unit.exprs[*target].kind,
                            ExprKind::Field { .. } | ExprKind::Index { .. }
                        ) {
                            see(Place::Expr(*target), calling(&metamethods.assign));
                        }
                    }
                }
                _ => {}
            });
            visit::expressions(&own.unit, &body.body, &mut |id| {
                let cause = match &own.unit.exprs[id].kind {
                    ExprKind::Call { .. } | ExprKind::MethodCall { .. } if is_known(callees, unit, id) => {
                        known_call(callees, flow, unit, id, &given)
                    }
                    ExprKind::Call { .. } => calling(&flow.call(unit, id)),
                    ExprKind::MethodCall { name, .. } => {
                        let mut cause = calling(&flow.call(unit, id));
                        cause.calls(&metamethods.index, &given);
                        cause.blocks = cause
                            .blocks
                            .or_else(|| flow.userdata.blocking_method(name).map(|method| method.name));
                        cause
                    }
                    kind => calling(metamethods.of(kind)),
                };
                see(Place::Expr(id), cause);
            });
        }
    }
    sites
}

/// What looking for a field may call.
pub fn look_ups(flow: &Flow) -> Cause {
    let mut cause = Cause::default();
    cause.calls(&Metamethods::new(flow).index, &flow.given());
    cause
}

fn closes(unit: &Unit, locals: &[LocalId]) -> bool {
    locals.iter().any(|local| unit.locals[*local].kind == LocalKind::ToBeClosed)
}

fn is_known(callees: &[IdVec<ExprId, Callee>], unit: UnitId, id: ExprId) -> bool {
    callees.get(unit.index()).is_some_and(|callees| callees[id] != Callee::Unknown)
}

fn known_call(
    callees: &[IdVec<ExprId, Callee>],
    flow: &Flow,
    unit: UnitId,
    id: ExprId,
    given: &[Atom],
) -> Cause {
    let mut cause = Cause::default();
    match callees.get(unit.index()).map_or(Callee::Unknown, |callees| callees[id]) {
        Callee::Function(function) => cause.targets.push(FunctionRef { unit, function }),
        Callee::Library(_, function) => {
            let mut callbacks = flow.callbacks(unit, id);
            if callbacks.iter().any(|atom| !matches!(atom, Atom::Lua(_))) {
                callbacks.extend(given);
            }
            cause.library(function.suspends, function.name, &callbacks);
        }
        Callee::Unknown => {}
    }
    cause
}

/// The functions that operators may reach through metatables.
struct Metamethods {
    index: Vec<Atom>,
    assign: Vec<Atom>,
    arithmetic: Vec<Atom>,
    compare: Vec<Atom>,
    concat: Vec<Atom>,
    length: Vec<Atom>,
    close: Vec<Atom>,
}

impl Metamethods {
    fn new(flow: &Flow) -> Metamethods {
        let all = |wanted: Use| {
            let names = METAMETHODS.iter().filter(|(_, by)| *by == wanted);
            names.flat_map(|(name, _)| flow.field(name)).collect()
        };
        Metamethods {
            index: all(Use::Index),
            assign: all(Use::Assign),
            arithmetic: all(Use::Arithmetic),
            compare: all(Use::Compare),
            concat: all(Use::Concat),
            length: all(Use::Length),
            close: all(Use::Close),
        }
    }

    fn of(&self, kind: &ExprKind) -> &[Atom] {
        match kind {
            ExprKind::Field { .. } | ExprKind::Index { .. } => &self.index,
            ExprKind::Concat(_) => &self.concat,
            ExprKind::Unary { op: UnaryOp::Length, .. } => &self.length,
            ExprKind::Unary { op: UnaryOp::Negate | UnaryOp::BitNot, .. } => &self.arithmetic,
            ExprKind::Binary { op, .. } if BinaryOp::is_comparison(*op) => &self.compare,
            ExprKind::Binary { .. } => &self.arithmetic,
            _ => &[],
        }
    }
}
