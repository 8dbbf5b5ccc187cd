//! Which functions may suspend, and why. Decided here, once; `lower` reads it.
//!
//! Two questions, one after the other. Which functions may *block* their task? And which may
//! suspend at all, `coroutine.yield` included? A coroutine that only yields is resumed by a plain
//! call: its resumer waits for nothing.

mod sites;

use super::flow::Flow;
use super::{Callee, FunctionRef, UnitId, World};
use crate::hir::{ExprId, FunctionId, LoopId};
use crate::index::IdVec;
use sites::{Cause, Place, Site};

/// The verdicts of one unit.
pub struct UnitSuspension {
    pub expressions: IdVec<ExprId, bool>,
    pub loops: IdVec<LoopId, bool>,
    pub reasons: IdVec<FunctionId, Option<String>>,
    /// Whether an `__index` of the program may suspend, so that finding a method may.
    pub look_ups: bool,
}

type Verdicts = IdVec<UnitId, UnitSuspension>;

pub fn find(world: &World, callees: &[IdVec<ExprId, Callee>], flow: &Flow) -> Vec<UnitSuspension> {
    let sites = sites::sites(world, callees, flow);
    let mut given = Cause::default();
    given.calls_given(flow);
    let blocking = solve(world, &sites, &|verdicts, cause| blocks(world, verdicts, cause, &given));
    let inside_coroutines = blocks(world, &blocking, &given, &Cause::default());
    let reason = |verdicts: &Verdicts, cause: &Cause| {
        let resumed = cause.resumes.then(|| inside_coroutines.clone()).flatten();
        let yields = cause.yields.then(|| "yield".to_owned());
        yields.or(resumed).or_else(|| calls(world, verdicts, cause))
    };
    let mut suspending = solve(world, &sites, &reason);
    if reason(&suspending, &sites::look_ups(flow)).is_some() {
        for id in world.ids() {
            suspending[id].look_ups = true;
        }
    }
    suspending.into_values()
}

/// Why a place may block its task, as far as known by now.
fn blocks(world: &World, verdicts: &Verdicts, cause: &Cause, given: &Cause) -> Option<String> {
    calls(world, verdicts, cause).or_else(|| cause.resumes.then(|| calls(world, verdicts, given)).flatten())
}

/// The library function or the known callee that suspends.
fn calls(world: &World, verdicts: &Verdicts, cause: &Cause) -> Option<String> {
    if let Some(name) = cause.blocks {
        return Some(name.to_owned());
    }
    let suspends = |target: &&FunctionRef| verdicts[target.unit].reasons[target.function].is_some();
    let target = cause.targets.iter().find(suspends)?;
    let own = &world[target.unit].unit;
    let name = own.functions[target.function].name.clone().unwrap_or_else(|| "a function".to_owned());
    Some(format!("calls {name}"))
}

/// The least solution: a function suspends if a place in it does.
fn solve(world: &World, sites: &[Site], reason: &dyn Fn(&Verdicts, &Cause) -> Option<String>) -> Verdicts {
    let mut verdicts = nothing(world);
    loop {
        let mut changed = false;
        for site in sites {
            let Some(reason) = reason(&verdicts, &site.cause) else { continue };
            let own = &mut verdicts[site.owner.unit];
            let flag = match site.place {
                Place::Expr(id) => Some(&mut own.expressions[id]),
                Place::Loop(id) => Some(&mut own.loops[id]),
                Place::End => None,
            };
            changed |= flag.is_some_and(|flag| !std::mem::replace(flag, true));
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
            return verdicts;
        }
    }
}

fn nothing(world: &World) -> Verdicts {
    let mut verdicts = IdVec::new();
    for (_, own) in world.iter() {
        verdicts.push(UnitSuspension {
            expressions: IdVec::filled(false, own.unit.exprs.len()),
            loops: IdVec::filled(false, own.unit.loops.len()),
            reasons: IdVec::filled(None, own.unit.functions.len()),
            look_ups: false,
        });
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use crate::analyze::{bindings, callees, flow, globals, sample};

    /// Why the function `main` of the text may suspend, if it may.
    fn reason(text: &str) -> Option<String> {
        let world = sample::world([sample::unit(text)]);
        let globals = globals::find(&world);
        let bindings = bindings::find(&world, &globals);
        let callees = callees::find(&world, &globals, &bindings);
        let flow = flow::solve(&world, &callees, &globals);
        let (_, own) = world.iter().next().unwrap();
        let main = own.unit.functions.iter().find(|(_, function)| function.name.as_deref() == Some("main"));
        super::find(&world, &callees, &flow)[0].reasons[main.unwrap().0].clone()
    }

    #[test]
    fn a_blocking_method_blocks_however_it_is_called() {
        for call in [
            "c:receive()",
            "c.receive(c)",
            "pcall(c.receive, c)",
            "xpcall(c.receive, print, c)",
            "(function() local receive = c.receive return receive(c) end)()",
            "({ take = c.receive }).take(c)",
        ] {
            let text = format!("local function main() local c = channel.new() return {call} end return main");
            assert!(reason(&text).is_some(), "{call}");
        }
        let iterating =
            "local function main() local c = channel.new() for v in c.receive, c do end end return main";
        assert!(reason(iterating).is_some());
        // Where no channel can be, it is a field like others.
        let plain = "local function main(c) return pcall(c.receive, c) end return main";
        assert_eq!(reason(plain), None);
    }
}
