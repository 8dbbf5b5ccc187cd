//! `show facts`: what the analyses found out about each function, and why.

use std::fmt::Write as _;

use super::{Callee, Facts, World};
use crate::hir::{ExprKind, FunctionId, visit};
use crate::source::Sources;

/// Every function of the units that `is_wanted` names.
pub fn print(world: &World, facts: &Facts, sources: &Sources, is_wanted: &dyn Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for (id, own) in world.iter() {
        if !is_wanted(&own.unit.entry) {
            continue;
        }
        let _ = writeln!(text, "{}", own.unit.entry);
        for (function, body) in own.unit.functions.iter() {
            let of_unit = &facts.units[id];
            let name = match &body.name {
                _ if function == own.unit.chunk => "(chunk)",
                Some(name) => name,
                None => "(anonymous)",
            };
            let line = sources.line(body.span);
            let suspends = match &of_unit.reasons[function] {
                Some(reason) => format!("may suspend: {reason}"),
                None => "plain".to_owned(),
            };
            let _ = writeln!(text, "  {name} line {line}: {suspends}");
            let _ = writeln!(text, "    results: {:?}", of_unit.shapes[function]);
            let captures: Vec<&str> = of_unit.captures[function]
                .iter()
                .map(|local| own.unit.locals[*local].name.as_str())
                .collect();
            if !captures.is_empty() {
                let _ = writeln!(text, "    captures: {}", captures.join(", "));
            }
            if of_unit.groups[function].is_some() {
                let _ = writeln!(text, "    calls itself, directly or through others");
            }
            let _ = writeln!(text, "    calls: {}", calls(world, facts, id, function));
        }
    }
    text
}

/// How many calls reach a known function, a library or whatever is there.
fn calls(world: &World, facts: &Facts, id: super::UnitId, function: FunctionId) -> String {
    let (own, of_unit) = (&world[id].unit, &facts.units[id]);
    let (mut known, mut library, mut unknown, mut awaited) = (0, 0, 0, 0);
    visit::expressions(own, &own.functions[function].body, &mut |expression| {
        match own.exprs[expression].kind {
            ExprKind::Call { .. } => match of_unit.callees[expression] {
                Callee::Function(_) => known += 1,
                Callee::Library(..) => library += 1,
                Callee::Unknown => unknown += 1,
            },
            ExprKind::MethodCall { .. } => unknown += 1,
            _ => return,
        }
        awaited += usize::from(of_unit.suspends[expression]);
    });
    format!("{known} known, {library} of libraries, {unknown} unknown; {awaited} may suspend")
}
