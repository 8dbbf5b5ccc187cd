//! Which global names are bound early: a library's name that no unit assigns, as long as nobody
//! gets hold of the global table itself.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::hir::{ExprId, ExprKind, StmtKind, Unit, visit};
use crate::library::{self, Function, Module};

/// What is known about globals in the whole application.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    assigned: BTreeSet<String>,
    /// The global table is used as a value somewhere: any name may be assigned.
    is_open: bool,
    /// It is used so that names may get there which nobody sees: `_G[name] = value`, or handed on.
    is_written: bool,
    /// In a script the library tables are ordinary: these are used otherwise than by reading a field.
    open_libraries: BTreeSet<String>,
    is_script: bool,
    /// Imports and modules are globals as well: somebody may find them under a computed name, or reads
    /// by name what only another unit lists.
    is_shared: bool,
}

/// What an unassigned global is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambient {
    Module(&'static Module),
    Function(&'static Function),
}

impl Globals {
    /// What the global `name` means in every unit, if that is certain.
    pub fn ambient(&self, name: &str) -> Option<Ambient> {
        if self.may_be_assigned(name) {
            return None;
        }
        if self.is_script && (self.open_libraries.contains(name) || !library::is_in_scripts(name)) {
            return None;
        }
        let module = library::module(name).filter(|module| module.is_ambient).map(Ambient::Module);
        module.or_else(|| library::BASE.function(name).map(Ambient::Function))
    }

    pub fn is_script(&self) -> bool {
        self.is_script
    }

    /// Whether units put their imports and modules into the global table.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    pub fn may_be_assigned(&self, name: &str) -> bool {
        self.is_open || self.assigned.contains(name)
    }

    /// As [`Globals::may_be_assigned`], where only to look at the table changes nothing.
    pub fn may_be_defined(&self, name: &str) -> bool {
        self.is_written || self.assigned.contains(name)
    }

    /// Every global that some unit assigns by name.
    pub fn assigned(&self) -> &BTreeSet<String> {
        &self.assigned
    }
}

pub fn find(world: &World) -> Globals {
    let mut globals = Globals::default();
    for (_, own) in world.iter() {
        for (_, function) in own.unit.functions.iter() {
            visit::statements(&function.body, &mut |statement| {
                if let StmtKind::Assign { targets, .. } = &statement.kind {
                    for target in targets {
                        note_target(&own.unit, &own.unit.exprs[*target].kind, &mut globals);
                    }
                }
            });
        }
        globals.is_open |= opens_table(&own.unit);
        globals.is_written |= hands_on(&own.unit);
        if own.script.is_some() {
            globals.is_script = true;
            open_libraries(&own.unit, &mut globals.open_libraries);
        }
    }
    globals.is_shared = !globals.is_script && (globals.is_open || reads_of_others(world));
    globals
}

/// Whether a unit reads a global that it does not list, but another unit does.
fn reads_of_others(world: &World) -> bool {
    let listed = world.iter().flat_map(|(_, own)| own.declared());
    let listed: BTreeSet<&str> = listed.collect();
    world.iter().any(|(_, own)| {
        own.unit.exprs.iter().any(|(_, expression)| match &expression.kind {
            ExprKind::Global(name) => {
                listed.contains(name.as_str()) && !own.declared().any(|own| own == name)
            }
            _ => false,
        })
    })
}

/// Libraries whose table is used for anything but reading a field of it by name.
fn open_libraries(unit: &Unit, open: &mut BTreeSet<String>) {
    let (mut mentions, mut reads) = (Vec::new(), BTreeMap::<String, usize>::new());
    for (_, expression) in unit.exprs.iter() {
        match &expression.kind {
            ExprKind::Global(name) if library::module(name).is_some() => mentions.push(name.clone()),
            ExprKind::Field { base, .. } => {
                if let ExprKind::Global(name) = &unit.exprs[*base].kind {
                    *reads.entry(name.clone()).or_default() += 1;
                }
            }
            _ => {}
        }
    }
    for (_, function) in unit.functions.iter() {
        visit::statements(&function.body, &mut |statement| {
            let StmtKind::Assign { targets, .. } = &statement.kind else { return };
            for target in targets {
                if let ExprKind::Field { base, .. } = &unit.exprs[*target].kind
                    && let ExprKind::Global(name) = &unit.exprs[*base].kind
                {
                    open.insert(name.clone());
                }
            }
        });
    }
    for name in &mentions {
        let count = mentions.iter().filter(|mention| *mention == name).count();
        if count > reads.get(name).copied().unwrap_or(0) {
            open.insert(name.clone());
        }
    }
}

fn note_target(unit: &Unit, target: &ExprKind, globals: &mut Globals) {
    match target {
        ExprKind::Global(name) => {
            globals.assigned.insert(name.clone());
        }
        // `_G.name = value`
        ExprKind::Field { base, name } if is_table(&unit.exprs[*base].kind) => {
            globals.assigned.insert(name.clone());
        }
        _ => {}
    }
}

fn is_table(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Global(name) if name == "_G")
}

/// Functions that only look at a table they are given.
const LOOKERS: &[&str] =
    &["ipairs", "next", "pairs", "print", "rawequal", "rawget", "rawlen", "tostring", "type"];

/// Whether `_G` stands where more may happen to it than that a field is read, or written by name.
fn hands_on(unit: &Unit) -> bool {
    let is_table = |id: ExprId| is_table(&unit.exprs[id].kind);
    let (mut mentions, mut harmless) = (0usize, 0usize);
    for (_, expression) in unit.exprs.iter() {
        harmless += match &expression.kind {
            ExprKind::Global(name) if name == "_G" => {
                mentions += 1;
                0
            }
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => usize::from(is_table(*base)),
            ExprKind::Binary { op, left, right } if op.is_comparison() => {
                usize::from(is_table(*left)) + usize::from(is_table(*right))
            }
            ExprKind::Call { callee, args } => match &unit.exprs[*callee].kind {
                ExprKind::Global(name) if LOOKERS.contains(&name.as_str()) => {
                    args.iter().filter(|argument| is_table(**argument)).count()
                }
                _ => 0,
            },
            _ => 0,
        };
    }
    let mut writes = false;
    for (_, function) in unit.functions.iter() {
        visit::statements(&function.body, &mut |statement| {
            if let StmtKind::Assign { targets, .. } = &statement.kind {
                writes |= targets.iter().any(
                    |target| matches!(unit.exprs[*target].kind, ExprKind::Index { base, .. } if is_table(base)),
                );
            }
        });
    }
    writes || mentions > harmless
}

/// Whether `_G` stands anywhere but in `_G.name`, or `require` may answer with it.
fn opens_table(unit: &Unit) -> bool {
    let mut mentions = 0usize;
    let mut fields = 0usize;
    let mut is_required = false;
    for (_, expression) in unit.exprs.iter() {
        match &expression.kind {
            ExprKind::Global(name) if name == "_G" => mentions += 1,
            ExprKind::Field { base, .. } if is_table(&unit.exprs[*base].kind) => fields += 1,
            ExprKind::Call { callee, args } => {
                let is_require =
                    matches!(&unit.exprs[*callee].kind, ExprKind::Global(name) if name == "require");
                is_required |= is_require && may_name_globals(unit, args.first().copied());
            }
            _ => {}
        }
    }
    mentions > fields || is_required
}

/// Whether a module's name may be `_G`.
fn may_name_globals(unit: &Unit, name: Option<ExprId>) -> bool {
    let Some(name) = name else { return true };
    match &unit.exprs[name].kind {
        ExprKind::String(name) => name.as_slice() == b"_G",
        // `require("programs." .. name)`
        ExprKind::Concat(parts) => match parts.first().map(|part| &unit.exprs[*part].kind) {
            Some(ExprKind::String(begin)) => b"_G".starts_with(begin),
            _ => true,
        },
        _ => true,
    }
}
