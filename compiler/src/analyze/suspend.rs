//! Which functions may suspend, and why. Decided here, once; `lower` reads it.

use super::flow::{Atom, Flow};
use super::{Callee, FunctionRef, UnitId, World};
use crate::hir::{BinaryOp, ExprId, ExprKind, FunctionId, LoopId, StmtKind, UnaryOp, visit};
use crate::index::{Id, IdVec};
use crate::library::{self, Suspends};

/// The verdicts of one unit.
pub struct UnitSuspension {
    pub expressions: IdVec<ExprId, bool>,
    pub loops: IdVec<LoopId, bool>,
    pub reasons: IdVec<FunctionId, Option<String>>,
}

/// A place that may suspend if one of `targets` does.
struct Site {
    owner: FunctionRef,
    place: Place,
    /// Suspends whatever the targets do; the reason.
    always: Option<&'static str>,
    targets: Vec<FunctionRef>,
}

#[derive(Clone, Copy)]
enum Place {
    Expr(ExprId),
    Loop(LoopId),
}

pub fn find(world: &World, callees: &[IdVec<ExprId, Callee>], flow: &Flow) -> Vec<UnitSuspension> {
    let sites = sites(world, callees, flow);
    let mut verdicts: IdVec<UnitId, UnitSuspension> = IdVec::new();
    for (_, own) in world.iter() {
        verdicts.push(UnitSuspension {
            expressions: IdVec::filled(false, own.unit.exprs.len()),
            loops: IdVec::filled(false, own.unit.loops.len()),
            reasons: IdVec::filled(None, own.unit.functions.len()),
        });
    }
    loop {
        let mut changed = false;
        for site in &sites {
            let Some(reason) = reason(world, &verdicts, site) else { continue };
            let own = &mut verdicts[site.owner.unit];
            let flag = match site.place {
                Place::Expr(id) => &mut own.expressions[id],
                Place::Loop(id) => &mut own.loops[id],
            };
            changed |= !std::mem::replace(flag, true);
            let is_chunk = world[site.owner.unit].unit.chunk == site.owner.function;
            if is_chunk && !world[site.owner.unit].is_body {
                // The top level of a unit runs outside every task: it never suspends, it fails.
                continue;
            }
            let known = &mut own.reasons[site.owner.function];
            if known.is_none() {
                *known = Some(reason);
                changed = true;
            }
        }
        if !changed {
            return verdicts.into_values();
        }
    }
}

/// Why the site may suspend, as far as known by now.
fn reason(world: &World, verdicts: &IdVec<UnitId, UnitSuspension>, site: &Site) -> Option<String> {
    if let Some(reason) = site.always {
        return Some(reason.to_owned());
    }
    let target =
        site.targets.iter().find(|target| verdicts[target.unit].reasons[target.function].is_some())?;
    let own = &world[target.unit].unit;
    let name = own.functions[target.function].name.clone().unwrap_or_else(|| "a function".to_owned());
    if target.unit == site.owner.unit {
        return Some(format!("calls {name}"));
    }
    Some(format!("calls {name} of {}", own.entry))
}

fn sites(world: &World, callees: &[IdVec<ExprId, Callee>], flow: &Flow) -> Vec<Site> {
    let metamethods = Metamethods::new(flow);
    let has_channels = sources_of_userdata(world);
    let given = flow.given();
    let mut sites = Vec::new();
    for (unit, own) in world.iter() {
        for (function, body) in own.unit.functions.iter() {
            let owner = FunctionRef { unit, function };
            let mut see = |place: Place, always: Option<&'static str>, atoms: Vec<Atom>| {
                if let Some(site) = site(owner, place, always, atoms, &given) {
                    sites.push(site);
                }
            };
            visit::statements(&body.body, &mut |statement| match &statement.kind {
                StmtKind::GenericFor { id, .. } => see(Place::Loop(*id), None, flow.iterator(unit, *id)),
                StmtKind::Assign { targets, .. } => {
                    for target in targets {
                        if matches!(
                            own.unit.exprs[*target].kind,
                            ExprKind::Field { .. } | ExprKind::Index { .. }
                        ) {
                            see(Place::Expr(*target), None, metamethods.assign.clone());
                        }
                    }
                }
                _ => {}
            });
            visit::expressions(&own.unit, &body.body, &mut |id| {
                let (always, atoms) = match &own.unit.exprs[id].kind {
                    ExprKind::Call { .. } => call(callees, flow, unit, id),
                    ExprKind::MethodCall { .. } if is_known(callees, unit, id) => {
                        call(callees, flow, unit, id)
                    }
                    ExprKind::MethodCall { name, .. } => {
                        let mut atoms = flow.call(unit, id);
                        atoms.extend(metamethods.index.iter().copied());
                        (blocking_method(name, &has_channels), atoms)
                    }
                    kind => (None, metamethods.of(kind)),
                };
                see(Place::Expr(id), always, atoms);
            });
        }
    }
    sites
}

fn is_known(callees: &[IdVec<ExprId, Callee>], unit: UnitId, id: ExprId) -> bool {
    callees.get(unit.index()).is_some_and(|callees| callees[id] != Callee::Unknown)
}

fn call(
    callees: &[IdVec<ExprId, Callee>],
    flow: &Flow,
    unit: UnitId,
    id: ExprId,
) -> (Option<&'static str>, Vec<Atom>) {
    let known = callees.get(unit.index()).map_or(Callee::Unknown, |callees| callees[id]);
    match known {
        Callee::Function(function) => (None, vec![Atom::Lua(FunctionRef { unit, function })]),
        Callee::Library(_, function) => match function.suspends {
            Suspends::Never => (None, Vec::new()),
            Suspends::Always => (Some(function.name), Vec::new()),
            Suspends::WithCallback => (None, flow.callbacks(unit, id)),
        },
        Callee::Unknown => (None, flow.call(unit, id)),
    }
}

/// The site, unless nothing there can suspend.
fn site(
    owner: FunctionRef,
    place: Place,
    always: Option<&'static str>,
    atoms: Vec<Atom>,
    given: &[Atom],
) -> Option<Site> {
    let mut site = Site { owner, place, always, targets: Vec::new() };
    let mut runs_callbacks = false;
    for atom in atoms {
        match atom {
            Atom::Lua(function) => site.targets.push(function),
            // `pcall` as a value: it runs what it is given.
            Atom::Library(function) if function.suspends == Suspends::WithCallback => runs_callbacks = true,
            Atom::Library(function) => site.always = site.always.or(Some(function.name)),
        }
    }
    if runs_callbacks {
        for atom in given {
            match atom {
                Atom::Lua(function) => site.targets.push(*function),
                Atom::Library(function) if function.suspends == Suspends::Always => {
                    site.always = site.always.or(Some(function.name));
                }
                Atom::Library(_) => {}
            }
        }
    }
    (site.always.is_some() || !site.targets.is_empty()).then_some(site)
}

/// Field names that stand anywhere: they tell which kinds of userdata an application can have.
fn sources_of_userdata(world: &World) -> std::collections::BTreeSet<String> {
    let mut names = std::collections::BTreeSet::new();
    for (_, own) in world.iter() {
        for (_, expression) in own.unit.exprs.iter() {
            match &expression.kind {
                ExprKind::Field { name, .. } | ExprKind::MethodCall { name, .. } | ExprKind::Global(name) => {
                    names.insert(name.clone());
                }
                _ => {}
            }
        }
    }
    names
}

fn blocking_method(name: &str, present: &std::collections::BTreeSet<String>) -> Option<&'static str> {
    let (method, sources) = library::BLOCKING_METHODS.iter().find(|(method, _)| *method == name)?;
    sources.iter().any(|source| present.contains(*source)).then_some(*method)
}

/// The functions that operators may reach through metatables.
struct Metamethods {
    index: Vec<Atom>,
    assign: Vec<Atom>,
    arithmetic: Vec<Atom>,
    compare: Vec<Atom>,
    concat: Vec<Atom>,
    length: Vec<Atom>,
}

impl Metamethods {
    fn new(flow: &Flow) -> Metamethods {
        let all = |names: &[&str]| names.iter().flat_map(|name| flow.field(name)).collect();
        Metamethods {
            index: all(&["__index"]),
            assign: all(&["__newindex"]),
            arithmetic: all(&[
                "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv", "__band", "__bor",
                "__bxor", "__shl", "__shr", "__bnot",
            ]),
            compare: all(&["__eq", "__lt", "__le"]),
            concat: all(&["__concat"]),
            length: all(&["__len"]),
        }
    }

    fn of(&self, kind: &ExprKind) -> Vec<Atom> {
        match kind {
            ExprKind::Field { .. } | ExprKind::Index { .. } => self.index.clone(),
            ExprKind::Concat(_) => self.concat.clone(),
            ExprKind::Unary { op: UnaryOp::Length, .. } => self.length.clone(),
            ExprKind::Unary { op: UnaryOp::Negate | UnaryOp::BitNot, .. } => self.arithmetic.clone(),
            ExprKind::Binary { op, .. } if BinaryOp::is_comparison(*op) => self.compare.clone(),
            ExprKind::Binary { .. } => self.arithmetic.clone(),
            _ => Vec::new(),
        }
    }
}
