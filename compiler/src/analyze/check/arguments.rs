//! Calls of local functions with more arguments than parameters, or without one that is needed: its
//! type says that it is not nil, or the function cannot do without it.

use std::collections::BTreeMap;

use super::nil_parameter::{Failure, failure};
use super::{Names, all_statements};
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, Function, FunctionId, LocalId, StmtKind, Type, TypeKind, Unit};
use crate::source::Span;

pub fn check(names: &Names) -> Vec<Diagnostic> {
    let unit = &names.own.unit;
    let known = known(unit);
    unit.exprs
        .iter()
        .filter_map(|(_, expr)| {
            let ExprKind::Call { callee, args } = &expr.kind else { return None };
            let (ExprKind::Local(local) | ExprKind::Upvalue(local)) = unit.exprs[*callee].kind else {
                return None;
            };
            let function = &unit.functions[*known.get(&local)?];
            if let Some(found) = too_many(unit, local, function, args) {
                return Some(found);
            }
            let is_open = args.last().is_some_and(|last| gives_several(unit, *last));
            let missing =
                function.params.get(args.len()..).filter(|missing| !is_open && !missing.is_empty())?;
            let call = Call { local, span: expr.span };
            not_enough(unit, &call, missing).or_else(|| {
                let failure = failure(names, function, args.len())?;
                Some(fails(unit, &call, &failure))
            })
        })
        .collect()
}

/// The locals that hold one function of this unit for their whole life.
fn known(unit: &Unit) -> BTreeMap<LocalId, FunctionId> {
    let mut known = BTreeMap::new();
    all_statements(unit, &mut |statement| match &statement.kind {
        StmtKind::LocalFunction { local, function } => {
            known.insert(*local, *function);
        }
        StmtKind::Local { locals, values } => {
            for (local, value) in locals.iter().zip(values) {
                if let ExprKind::Function(function) = unit.exprs[*value].kind {
                    known.insert(*local, function);
                }
            }
        }
        _ => {}
    });
    known.retain(|local, _| !unit.locals[*local].is_reassigned);
    known
}

fn gives_several(unit: &Unit, argument: ExprId) -> bool {
    matches!(
        unit.exprs[argument].kind,
        ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg
    )
}

fn too_many(unit: &Unit, local: LocalId, function: &Function, args: &[ExprId]) -> Option<Diagnostic> {
    if function.is_vararg {
        return None;
    }
    let first = args.get(function.params.len())?;
    // A call in the last place may give no value at all.
    let is_open = function.params.len() + 1 == args.len() && gives_several(unit, *first);
    if is_open {
        return None;
    }
    let last = args.last().unwrap_or(first);
    let span = unit.exprs[*first].span.to(unit.exprs[*last].span);
    let (name, taken) = (&unit.locals[local].name, function.params.len());
    Some(
        Diagnostic::warning("E0003", Some(span), "too many arguments")
            .label(format!("'{name}' takes {}", counted(taken)))
            .explain("The function has fewer parameters; what is left over is evaluated and dropped.")
            .hint("Remove the arguments, or add parameters to the function.")
            .related(unit.locals[local].span, "the function"),
    )
}

fn counted(parameters: usize) -> String {
    match parameters {
        0 => "no parameters".to_owned(),
        1 => "1 parameter".to_owned(),
        count => format!("{count} parameters"),
    }
}

/// A call of a known function.
struct Call {
    local: LocalId,
    span: Span,
}

/// Without a parameter that is used as nil cannot be.
fn fails(unit: &Unit, call: &Call, failure: &Failure) -> Diagnostic {
    let (name, parameter) = (&unit.locals[call.local].name, &unit.locals[failure.parameter].name);
    Diagnostic::warning("E0003", Some(call.span), "not enough arguments")
        .label(format!("'{name}' needs '{parameter}'"))
        .explain(format!(
            "Without this argument '{parameter}' is nil, and the function {} before anything asks whether it is: this call raises an error.",
            failure.what
        ))
        .hint("Add the argument, or let the function ask for nil first.")
        .related(unit.exprs[failure.place].span, format!("raises the error if '{parameter}' is nil"))
}

fn not_enough(unit: &Unit, call: &Call, missing: &[LocalId]) -> Option<Diagnostic> {
    let needed = missing
        .iter()
        .map(|param| &unit.locals[*param])
        .find(|param| param.ty.as_ref().is_some_and(|ty| !takes_nil(ty)))?;
    let (name, parameter) = (&unit.locals[call.local].name, &needed.name);
    Some(
        Diagnostic::warning("E0003", Some(call.span), "not enough arguments")
            .label(format!("'{name}' needs '{parameter}'"))
            .explain("The parameter's declared type does not allow nil, and nil is what it gets here.")
            .hint("Add the argument, or declare the parameter as optional: `T?`.")
            .related(needed.span, "declared here"),
    )
}

/// Whether nil may be of that type; where that cannot be seen, it may.
fn takes_nil(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Named { path, .. } => !matches!(
            path.as_slice(),
            [name] if matches!(name.as_str(), "number" | "integer" | "int" | "string" | "boolean" | "bool" | "table")
        ),
        TypeKind::Union(members) => members.iter().any(takes_nil),
        TypeKind::Annotated { base, .. } | TypeKind::Readonly(base) => takes_nil(base),
        TypeKind::Boolean(_)
        | TypeKind::String(_)
        | TypeKind::Integer(_)
        | TypeKind::Float(_)
        | TypeKind::Array(_)
        | TypeKind::Map { .. }
        | TypeKind::Record(_)
        | TypeKind::Function { .. } => false,
        _ => true,
    }
}
