//! What a local holds for its whole life, where that is certain: a literal, a library, a function.
//! Such a local needs no variable in a closure: a function without other captures is a static one.

use super::globals::{Ambient, Globals};
use super::{UnitId, World, WorldUnit};
use crate::hir::{ExprId, ExprKind, FunctionId, LocalId, LocalKind, StmtKind, UnaryOp, Unit, visit};
use crate::index::IdVec;
use crate::library::{self, Function, Module};

/// What a local is known to hold.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Binding {
    /// Nothing is known.
    #[default]
    Unknown,
    /// The value of this expression: a literal.
    Literal(ExprId),
    /// A library or a built-in module.
    Module(&'static Module),
    /// A function of a library.
    Library(&'static Module, &'static Function),
    /// What an imported unit returned.
    Import(UnitId),
    /// A function of this unit. It is a static one if it has no captures left.
    Function(FunctionId),
}

/// The bindings of one unit.
pub struct UnitBindings {
    pub locals: IdVec<LocalId, Binding>,
    pub captures: IdVec<FunctionId, Vec<LocalId>>,
}

pub fn find(world: &World, globals: &Globals) -> Vec<UnitBindings> {
    world.iter().map(|(_, own)| of_unit(own, globals)).collect()
}

fn of_unit(own: &WorldUnit, globals: &Globals) -> UnitBindings {
    let unit = &own.unit;
    let mut locals = IdVec::filled(Binding::Unknown, unit.locals.len());
    // A local is declared before it is used, and outer functions come first, so one pass sees every
    // binding before the locals that are bound to it.
    for (_, function) in unit.functions.iter() {
        visit::statements(&function.body, &mut |statement| match &statement.kind {
            StmtKind::LocalFunction { local, function } if !unit.locals[*local].is_reassigned => {
                locals[*local] = Binding::Function(*function);
            }
            StmtKind::Local { locals: names, values } => {
                for (local, value) in names.iter().zip(values) {
                    let declared = &unit.locals[*local];
                    if !declared.is_reassigned && declared.kind == LocalKind::Variable {
                        locals[*local] = bound(own, globals, &locals, *value);
                    }
                }
            }
            _ => {}
        });
    }
    let captures = captures(unit, &locals);
    UnitBindings { locals, captures }
}

/// What the value of `expression` is known to be.
fn bound(
    own: &WorldUnit,
    globals: &Globals,
    locals: &IdVec<LocalId, Binding>,
    expression: ExprId,
) -> Binding {
    match &own.unit.exprs[expression].kind {
        ExprKind::Nil
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_) => Binding::Literal(expression),
        ExprKind::Unary { op: UnaryOp::Negate, operand }
            if matches!(own.unit.exprs[*operand].kind, ExprKind::Integer(_) | ExprKind::Float(_)) =>
        {
            Binding::Literal(expression)
        }
        ExprKind::Function(function) => Binding::Function(*function),
        _ => known(own, globals, locals, expression),
    }
}

/// The library, module, import or function that an expression names.
pub fn known(
    own: &WorldUnit,
    globals: &Globals,
    locals: &IdVec<LocalId, Binding>,
    expression: ExprId,
) -> Binding {
    match &own.unit.exprs[expression].kind {
        ExprKind::Local(local) | ExprKind::Upvalue(local) => locals[*local],
        ExprKind::Global(name) => global(own, globals, name),
        ExprKind::Field { base, name } => match known(own, globals, locals, *base) {
            Binding::Module(module) => field(module, name),
            _ => Binding::Unknown,
        },
        ExprKind::Call { callee, args } => {
            let is_require = known(own, globals, locals, *callee) == require();
            match args.as_slice() {
                [name] if is_require => match &own.unit.exprs[*name].kind {
                    ExprKind::String(name) => {
                        std::str::from_utf8(name).map_or(Binding::Unknown, |name| named(own, globals, name))
                    }
                    _ => Binding::Unknown,
                },
                _ => Binding::Unknown,
            }
        }
        _ => Binding::Unknown,
    }
}

fn require() -> Binding {
    library::BASE
        .function("require")
        .map_or(Binding::Unknown, |require| Binding::Library(&library::BASE, require))
}

/// A field of a library.
fn field(module: &'static Module, name: &str) -> Binding {
    if let Some(child) = module.child(name) {
        return Binding::Module(child);
    }
    module.function(name).map_or(Binding::Unknown, |function| Binding::Library(module, function))
}

/// What a global means in this unit: its modules and imports first, then what all units see.
fn global(own: &WorldUnit, globals: &Globals, name: &str) -> Binding {
    // Whoever gets hold of the global table of an application must not take the modules away.
    if name == "require" && !globals.is_script() && !globals.assigned().contains(name) {
        return require();
    }
    if globals.may_be_assigned(name) {
        return Binding::Unknown;
    }
    if let Some(declared) = declared(own, name) {
        return declared;
    }
    match globals.ambient(name) {
        Some(Ambient::Module(module)) => Binding::Module(module),
        Some(Ambient::Function(function)) => Binding::Library(&library::BASE, function),
        None => Binding::Unknown,
    }
}

/// What `require` gives for a name: in an application first what the entry itself declares.
fn named(own: &WorldUnit, globals: &Globals, name: &str) -> Binding {
    let declared = declared(own, name).filter(|_| !globals.is_script());
    declared.unwrap_or_else(|| global(own, globals, name))
}

/// The import or module that the entry lists under this name.
fn declared(own: &WorldUnit, name: &str) -> Option<Binding> {
    if let Some((_, target)) = own.imports.iter().find(|(alias, _)| alias == name) {
        return Some(Binding::Import(*target));
    }
    library::module(name).filter(|_| own.modules.contains(name)).map(Binding::Module)
}

/// Which captures are left: those whose value is only known at run time. Starts from the hope that
/// every bound function is static and takes it back until nothing changes.
fn captures(unit: &Unit, locals: &IdVec<LocalId, Binding>) -> IdVec<FunctionId, Vec<LocalId>> {
    let mut is_static = IdVec::filled(true, unit.functions.len());
    loop {
        let mut changed = false;
        for (id, function) in unit.functions.iter() {
            let needs = function.captures.iter().any(|local| is_needed(locals[*local], id, &is_static));
            changed |= needs && std::mem::replace(&mut is_static[id], false);
        }
        if !changed {
            break;
        }
    }
    let mut captures = IdVec::new();
    for (id, function) in unit.functions.iter() {
        let needed = function.captures.iter().copied();
        captures.push(needed.filter(|local| is_needed(locals[*local], id, &is_static)).collect());
    }
    captures
}

fn is_needed(binding: Binding, user: FunctionId, is_static: &IdVec<FunctionId, bool>) -> bool {
    match binding {
        // An imported unit's value is made at run time.
        Binding::Unknown | Binding::Import(_) => true,
        // A function reaches itself through its own value.
        Binding::Function(function) => function != user && !is_static[function],
        Binding::Literal(_) | Binding::Module(_) | Binding::Library(..) => false,
    }
}
