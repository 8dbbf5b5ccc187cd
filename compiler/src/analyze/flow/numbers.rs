//! Which local variables hold nothing but numbers (or nil), so that what they index is no field. Arithmetic
//! counts as a number: only a metamethod could make it anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::build::gives_several;
use crate::analyze::Callee;
use crate::hir::{ExprId, ExprKind, FunctionId, LocalId, LocalKind, StmtKind, UnaryOp, Unit, visit};
use crate::index::IdVec;

/// The variables of a unit that are always numbers.
pub struct Numbers(BTreeSet<LocalId>);

impl Numbers {
    pub fn find(unit: &Unit, callees: &IdVec<ExprId, Callee>) -> Numbers {
        let (mut assigned, parameters) = passed(unit, callees);
        let mut others = BTreeSet::new();
        for (_, function) in unit.functions.iter() {
            visit::statements(&function.body, &mut |statement| match &statement.kind {
                // Without a value it is nil, which is no name either.
                StmtKind::Local { locals, values } if !values.is_empty() => {
                    assigned.extend(
                        locals.iter().enumerate().map(|(at, local)| (*local, values.get(at).copied())),
                    );
                }
                StmtKind::Assign { targets, values } => {
                    for (at, target) in targets.iter().enumerate() {
                        if let ExprKind::Local(local) | ExprKind::Upvalue(local) = unit.exprs[*target].kind {
                            assigned.push((local, values.get(at).copied()));
                        }
                    }
                }
                StmtKind::LocalFunction { local, .. } => {
                    others.insert(*local);
                }
                StmtKind::GenericFor { variables, .. } => others.extend(variables),
                _ => {}
            });
        }
        let is_variable =
            |local: &LocalId| unit.locals[*local].kind != LocalKind::Param || parameters.contains(local);
        let candidates = unit.locals.ids().filter(|local| is_variable(local) && !others.contains(local));
        let mut numbers = Numbers(candidates.collect());
        // Take away what gets anything else, until nothing changes.
        loop {
            let is_other = |(_, value): &&(LocalId, Option<ExprId>)| {
                !value.is_some_and(|value| numbers.is_number(unit, value))
            };
            let taken: Vec<LocalId> = assigned.iter().filter(is_other).map(|(local, _)| *local).collect();
            let before = numbers.0.len();
            for local in taken {
                numbers.0.remove(&local);
            }
            if numbers.0.len() == before {
                return numbers;
            }
        }
    }

    /// Whether the expression is always a number.
    pub fn is_number(&self, unit: &Unit, id: ExprId) -> bool {
        match &unit.exprs[id].kind {
            ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::Unary { op: UnaryOp::Negate | UnaryOp::Length | UnaryOp::BitNot, .. } => true,
            ExprKind::Binary { op, .. } => !op.is_comparison(),
            ExprKind::Local(local) | ExprKind::Upvalue(local) => self.0.contains(local),
            ExprKind::Single(inner) => self.is_number(unit, *inner),
            _ => false,
        }
    }
}

/// Parameters of functions that are only ever called by their names, and what the calls pass to them.
fn passed(
    unit: &Unit,
    callees: &IdVec<ExprId, Callee>,
) -> (Vec<(LocalId, Option<ExprId>)>, BTreeSet<LocalId>) {
    let mut calls: BTreeMap<FunctionId, Vec<&[ExprId]>> = BTreeMap::new();
    // Variables by which a function is called, and how often other than that they stand somewhere.
    let mut names: BTreeMap<LocalId, (FunctionId, usize)> = BTreeMap::new();
    for (id, expression) in unit.exprs.iter() {
        if let (ExprKind::Call { callee, args }, Callee::Function(function)) = (&expression.kind, callees[id])
            && let ExprKind::Local(local) | ExprKind::Upvalue(local) = unit.exprs[*callee].kind
        {
            calls.entry(function).or_default().push(args);
            names.entry(local).or_insert((function, 0)).1 += 1;
        }
    }
    let mut mentions: BTreeMap<LocalId, usize> = BTreeMap::new();
    for (_, expression) in unit.exprs.iter() {
        if let ExprKind::Local(local) | ExprKind::Upvalue(local) = expression.kind {
            *mentions.entry(local).or_default() += 1;
        }
    }
    let escapes =
        |(local, (_, called)): &(&LocalId, &(FunctionId, usize))| mentions.get(local) != Some(called);
    let escaped: BTreeSet<FunctionId> =
        names.iter().filter(escapes).map(|(_, (function, _))| *function).collect();
    let (mut assigned, mut parameters) = (Vec::new(), BTreeSet::new());
    for (function, calls) in calls.iter().filter(|(function, _)| !escaped.contains(function)) {
        for (at, parameter) in unit.functions[*function].params.iter().enumerate() {
            parameters.insert(*parameter);
            for args in calls {
                match (args.get(at), args.last()) {
                    (Some(value), _) => assigned.push((*parameter, Some(*value))),
                    (None, Some(last)) if gives_several(&unit.exprs[*last].kind) => {
                        assigned.push((*parameter, None))
                    }
                    (None, _) => {}
                }
            }
        }
    }
    (assigned, parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::{WorldUnit, bindings, callees, globals, sample};

    fn numbers(text: &str) -> Vec<String> {
        let world = sample::world([WorldUnit { is_body: true, ..sample::unit(text) }]);
        let globals = globals::find(&world);
        let bindings = bindings::find(&world, &globals);
        let callees = callees::find(&world, &globals, &bindings);
        let (_, own) = world.iter().next().unwrap();
        let Numbers(found) = Numbers::find(&own.unit, &callees[0]);
        found.iter().map(|local| own.unit.locals[*local].name.clone()).collect()
    }

    #[test]
    fn loops_and_arithmetic_make_numbers() {
        assert_eq!(numbers("for i = 1, 2 do local j = i * 2; j = j + #{}; print(j) end"), ["i", "j"]);
        assert_eq!(numbers("local a, b = 1; local c = a; a = c"), ["a", "c"]);
        assert_eq!(numbers("local a = 1; local b = a; a = 'x'"), Vec::<String>::new());
        assert_eq!(
            numbers("local function f(a) local b = a; for k in pairs(b) do print(k) end end"),
            Vec::<String>::new()
        );
        assert_eq!(numbers("local a; a = 1; local b, c = f()"), ["a"]);
    }

    #[test]
    fn parameters_are_numbers_if_every_call_passes_one() {
        assert_eq!(numbers("local function f(a, b) return f(a + 1, 'x') end f(1, 2)"), ["a"]);
        assert_eq!(numbers("local function f(a, b) end f(1, ...)"), ["a"]);
        assert_eq!(numbers("local function f(a) end f(1) print(f)"), Vec::<String>::new());
        assert_eq!(numbers("local function f(a) end f(1); (function(b) end)(2)"), ["a"]);
    }
}
