//! `process.upgrade`: new code and a fresh Lua state under the same PID.

use std::sync::Arc;

use crate::cx::Context;
use crate::heap::counted;
use crate::process::exit::{ExitError, Outcome};
use crate::process::host::HostKind;
use crate::process::run::Process;
use crate::process::spawn::enter;
use crate::process::state::ProcessState;
use crate::process::system::System;
use crate::transfer::Graph;
use crate::value::Value;

/// What was asked for.
pub struct Upgrade {
    /// The entry of the new code.
    pub entry: String,
    pub args: Graph,
}

/// Replaces the code of `process`. It keeps its PID, relations, names, context values and undelivered
/// messages; it loses everything else. On failure the process ends with the outcome, as a call of a function
/// does with nil.
pub fn upgrade(system: &Arc<System>, process: &mut Process, upgrade: Upgrade) -> Result<(), Outcome> {
    let _aside = counted::aside();
    replace(system, process, upgrade)
}

fn replace(system: &Arc<System>, process: &mut Process, upgrade: Upgrade) -> Result<(), Outcome> {
    let old = process.cx().process();
    if system.host(old.pid().host).is_some_and(|host| host.kind == HostKind::Function) {
        // Its worker keeps the function's code, so there is nothing to replace: the call is over.
        return Err(Outcome::Value(Value::NIL));
    }
    let entry = system.entry(&upgrade.entry).filter(|entry| entry.kind.starts_with("process."));
    let Some(entry) = entry.filter(|entry| entry.program.is_some()) else {
        let error = ExitError::new("upgrade: create failed: factory not found", "NotFound", Some(false));
        return Err(error.into());
    };
    let state = ProcessState::new(system, old.pid(), entry.id, old.context());
    state.is_shutting_down.set(old.is_shutting_down.get());
    let fresh = Process { context: Context::new(state) };
    enter(fresh.cx(), entry.program.as_ref(), upgrade.args).map_err(|failure| {
        let message = format!("upgrade: init failed: {}", failure.message);
        Outcome::from(ExitError::new(message, failure.kind, Some(false)))
    })?;
    let cx = fresh.cx();
    cx.process().put_relations(old.take_relations());
    if let Some(leave) = old.take_leave().filter(|leave| !leave.is_empty()) {
        cx.process().rare().leave = leave;
    }
    for item in old.mail.take_undelivered(process.cx()) {
        cx.process().mail.post(item.copy_for(cx));
    }
    cx.process().note_counted();
    *process = fresh;
    Ok(())
}
