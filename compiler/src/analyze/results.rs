//! The form of each function's results: none, one, a fixed number, or any number.

use super::groups::UnitGroups;
use super::{Callee, World};
use crate::hir::{Block, ExprId, ExprKind, FunctionId, Stmt, StmtKind, Unit, visit};
use crate::index::IdVec;

/// How many results a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Always this many.
    Fixed(usize),
    Many,
}

/// More results than this travel as `Multi`.
const LARGEST: usize = 8;

pub fn find(
    world: &World,
    callees: &[IdVec<ExprId, Callee>],
    groups: &[UnitGroups],
) -> Vec<IdVec<FunctionId, Shape>> {
    let units = world.iter().zip(callees).zip(groups);
    units.map(|(((_, own), callees), groups)| of_unit(&own.unit, callees, groups)).collect()
}

fn of_unit(unit: &Unit, callees: &IdVec<ExprId, Callee>, groups: &UnitGroups) -> IdVec<FunctionId, Shape> {
    // `None`: no path that returns is known yet.
    let mut shapes: IdVec<FunctionId, Option<Shape>> = IdVec::filled(None, unit.functions.len());
    loop {
        let mut changed = false;
        for id in unit.functions.ids() {
            let joined = joined(unit, callees, groups, &shapes, id);
            changed |= joined != shapes[id];
            shapes[id] = joined;
        }
        if !changed {
            break;
        }
    }
    let mut settled = IdVec::new();
    for (id, shape) in shapes.iter() {
        // Whoever calls a chunk wants a value; a function that never returns gives nothing.
        let shape = if id == unit.chunk { Shape::Many } else { shape.unwrap_or(Shape::Fixed(0)) };
        settled.push(shape);
    }
    settled
}

fn joined(
    unit: &Unit,
    callees: &IdVec<ExprId, Callee>,
    groups: &UnitGroups,
    shapes: &IdVec<FunctionId, Option<Shape>>,
    id: FunctionId,
) -> Option<Shape> {
    let body = &unit.functions[id].body;
    let mut joined = if falls_through(unit, body) { Some(Shape::Fixed(0)) } else { None };
    visit::statements(body, &mut |statement| {
        if let StmtKind::Return(values) = &statement.kind {
            joined = join(joined, returned(unit, callees, groups, shapes, id, values));
        }
    });
    joined
}

fn returned(
    unit: &Unit,
    callees: &IdVec<ExprId, Callee>,
    groups: &UnitGroups,
    shapes: &IdVec<FunctionId, Option<Shape>>,
    id: FunctionId,
    values: &[ExprId],
) -> Option<Shape> {
    let last = values.last().map(|last| (*last, &unit.exprs[*last].kind));
    match last {
        Some((call, ExprKind::Call { .. })) => match callees[call] {
            // `return f(x)` gives what `f` gives; in a circle it may have to bounce, so it is open.
            Callee::Function(callee) if values.len() == 1 => {
                if callee == id && can_start_again(unit, id, call) {
                    return None;
                }
                let in_circle =
                    groups.numbers[callee].is_some() && groups.numbers[callee] == groups.numbers[id];
                if in_circle { Some(Shape::Many) } else { shapes[callee] }
            }
            Callee::Library(_, function) if values.len() == 1 => Some(match function.results {
                crate::library::Results::None => Shape::Fixed(0),
                crate::library::Results::One => Shape::Fixed(1),
                crate::library::Results::Many => Shape::Many,
            }),
            _ => Some(Shape::Many),
        },
        Some((_, ExprKind::MethodCall { .. } | ExprKind::Vararg)) => Some(Shape::Many),
        _ if values.len() > LARGEST => Some(Shape::Many),
        _ => Some(Shape::Fixed(values.len())),
    }
}

/// Whether a call of the function by itself could set its parameters and start its body again: it
/// takes no varargs, and the call gives as many plain arguments as there are parameters, or fewer.
pub fn can_start_again(unit: &Unit, function: FunctionId, call: ExprId) -> bool {
    let function = &unit.functions[function];
    let ExprKind::Call { args, .. } = &unit.exprs[call].kind else { return false };
    let gives_several = args.last().is_some_and(|last| {
        matches!(
            unit.exprs[*last].kind,
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg
        )
    });
    !function.is_vararg
        && args.len() <= function.params.len()
        && !(gives_several && args.len() < function.params.len())
}

fn join(left: Option<Shape>, right: Option<Shape>) -> Option<Shape> {
    match (left, right) {
        (None, other) | (other, None) => other,
        (left, right) if left == right => left,
        _ => Some(Shape::Many),
    }
}

/// Whether the end of a block may be reached.
pub fn falls_through(unit: &Unit, block: &Block) -> bool {
    let mut reached = true;
    for statement in block {
        // A label may be reached by a goto even where nothing falls onto it.
        reached = matches!(statement.kind, StmtKind::Label(_)) || (reached && !never_ends(unit, statement));
    }
    reached
}

/// Whether a condition is a literal that is true.
pub fn is_always_true(unit: &Unit, condition: ExprId) -> bool {
    matches!(
        unit.exprs[condition].kind,
        ExprKind::True | ExprKind::Integer(_) | ExprKind::Float(_) | ExprKind::String(_)
    )
}

/// Whether control never goes on behind a statement.
fn never_ends(unit: &Unit, statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::Return(_) => true,
        StmtKind::Do(body) => never_leaves(unit, body),
        StmtKind::While { id, condition, body } => {
            is_always_true(unit, *condition) && !unit.loops[*id].has_break && !has_goto(body)
        }
        StmtKind::If { arms, otherwise: Some(otherwise) } => {
            arms.iter().all(|(_, body)| never_leaves(unit, body)) && never_leaves(unit, otherwise)
        }
        _ => false,
    }
}

fn never_leaves(unit: &Unit, block: &Block) -> bool {
    !has_goto(block) && !falls_through(unit, block)
}

fn has_goto(block: &Block) -> bool {
    let mut found = false;
    visit::statements(block, &mut |statement| found |= matches!(statement.kind, StmtKind::Goto(_)));
    found
}
