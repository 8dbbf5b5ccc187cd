//! Calls of local functions with more arguments than parameters, or without one whose type says that
//! it is not nil.

use std::collections::BTreeMap;

use super::all_statements;
use crate::diagnostics::Diagnostic;
use crate::hir::{ExprId, ExprKind, Function, FunctionId, LocalId, StmtKind, Type, TypeKind, Unit};
use crate::source::Span;

pub fn check(unit: &Unit) -> Vec<Diagnostic> {
    let known = known(unit);
    unit.exprs
        .iter()
        .filter_map(|(_, expr)| {
            let ExprKind::Call { callee, args } = &expr.kind else { return None };
            let (ExprKind::Local(local) | ExprKind::Upvalue(local)) = unit.exprs[*callee].kind else {
                return None;
            };
            let function = &unit.functions[*known.get(&local)?];
            too_many(unit, local, function, args)
                .or_else(|| not_enough(unit, local, function, args, expr.span))
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

fn not_enough(
    unit: &Unit,
    local: LocalId,
    function: &Function,
    args: &[ExprId],
    call: Span,
) -> Option<Diagnostic> {
    let is_open = args.last().is_some_and(|last| gives_several(unit, *last));
    let missing = function.params.get(args.len()..).filter(|_| !is_open)?;
    let needed = missing
        .iter()
        .map(|param| &unit.locals[*param])
        .find(|param| param.ty.as_ref().is_some_and(|ty| !takes_nil(ty)))?;
    let (name, parameter) = (&unit.locals[local].name, &needed.name);
    Some(
        Diagnostic::warning("E0003", Some(call), "not enough arguments")
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
