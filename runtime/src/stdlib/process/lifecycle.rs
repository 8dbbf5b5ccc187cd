//! Ends and relations: `cancel`, `terminate`, `monitor`, `link` and their opposites.

use super::{destination, done, failed, invalid, names_nobody, system};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::exit::Cause;
use crate::process::host::HostKind;
use crate::process::run::handle;
use crate::process::signal::{Cancel, Origin, Signal};
use crate::process::system::Failure;
use crate::process::task::host_operation;
use crate::results::Multi;
use crate::sched::Identity;
use crate::stdlib::args;
use crate::value::Value;

/// The process that argument 1 means, once host operations may start; `gone` if it is dead.
async fn target(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    gone: &str,
) -> LuaResult<Result<Identity, Failure>> {
    args::string(cx, args, 1, function)?;
    host_operation(cx).await?;
    Ok(match destination(cx, args, function)? {
        Ok(pid) => Ok(pid.identity),
        Err(failure) if names_nobody(&failure) => Err(failure),
        Err(_) => Err(Failure::new("Internal", gone)),
    })
}

/// Sends a signal to another process, or lets this one handle it at once.
fn tell(cx: Cx, to: Identity, signal: Signal) -> LuaResult<bool> {
    if to == cx.process().identity() {
        // Only termination ends a process here, and that never comes this way.
        drop(handle(cx, signal));
        return Ok(true);
    }
    Ok(system(cx)?.signal(to, signal))
}

fn internal(cx: Cx, message: &str) -> Multi {
    failed(cx, Failure::new("Internal", message))
}

/// `process.cancel(destination [, reason])`
///
/// # Errors
/// Arguments that are no text.
pub async fn cancel(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "cancel requires at least destination argument"));
    }
    args::string(cx, args, 1, "cancel")?;
    let reason = if args.len() > 1 { args::string(cx, args, 2, "cancel")?.into_owned() } else { Vec::new() };
    match target(cx, args, "cancel", "process not found").await? {
        Err(failure) => Ok(failed(cx, failure)),
        Ok(to) => {
            let from = Origin::Process(cx.process().pid());
            let cancel = Signal::Cancel(Cancel { from, reason, is_shutdown: false }.into());
            Ok(if tell(cx, to, cancel)? { done(cx) } else { internal(cx, "process not found") })
        }
    }
}

/// `process.terminate(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn terminate(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let to = match target(cx, args, "terminate", "process not found").await? {
        Err(failure) => return Ok(failed(cx, failure)),
        Ok(to) => to,
    };
    let (state, system) = (cx.process(), system(cx)?);
    let host = system.tenant(to).and_then(|pid| system.host(pid.host));
    if host.is_some_and(|host| host.kind == HostKind::Terminal) {
        // The process of a terminal ends by itself or with the program.
        return Ok(done(cx));
    }
    if to == state.identity() {
        state.rare().terminated = true;
        std::future::pending::<()>().await;
    }
    let told = system.signal(to, Signal::Terminate(Cause::Terminated));
    Ok(if told { done(cx) } else { internal(cx, "process not found") })
}

/// `process.monitor(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn monitor(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "monitor requires a destination argument"));
    }
    let to = match target(cx, args, "monitor", "pid not registered").await? {
        Err(failure) => return Ok(failed(cx, failure)),
        Ok(to) => to,
    };
    let state = cx.process();
    if state.relations().monitors.contains(to) && system(cx)?.is_alive(to) {
        return Ok(internal(cx, "already monitoring pid"));
    }
    if !tell(cx, to, Signal::Watch(state.pid()))? {
        return Ok(internal(cx, "pid not registered"));
    }
    state.relations().monitors.insert(to);
    Ok(done(cx))
}

/// `process.unmonitor(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn unmonitor(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "unmonitor requires a destination argument"));
    }
    match target(cx, args, "unmonitor", "").await? {
        Err(failure) if names_nobody(&failure) => Ok(failed(cx, failure)),
        Err(_) => Ok(done(cx)),
        Ok(to) => {
            let state = cx.process();
            if state.relations().monitors.remove(to) {
                tell(cx, to, Signal::Unwatch(state.identity()))?;
            }
            Ok(done(cx))
        }
    }
}

/// `process.link(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn link(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "link requires a destination argument"));
    }
    let to = match target(cx, args, "link", "pid not registered").await? {
        Err(failure) => return Ok(failed(cx, failure)),
        Ok(to) => to,
    };
    let (state, system) = (cx.process(), system(cx)?);
    if to == state.identity() || state.relations().links.contains(to) && system.is_alive(to) {
        return Ok(done(cx));
    }
    // The own side first: the other's end may be told before this call returns.
    if system.tenant(to).is_some() {
        state.relations().links.insert(to);
        if system.signal(to, Signal::Link(state.pid())) {
            return Ok(done(cx));
        }
        state.relations().links.remove(to);
    }
    Ok(internal(cx, "pid not registered"))
}

/// `process.unlink(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn unlink(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "unlink requires a destination argument"));
    }
    match target(cx, args, "unlink", "").await? {
        Err(failure) if names_nobody(&failure) => Ok(failed(cx, failure)),
        Err(_) => Ok(done(cx)),
        Ok(to) => {
            let state = cx.process();
            if state.relations().links.remove(to) {
                tell(cx, to, Signal::Unlink(state.identity()))?;
            }
            Ok(done(cx))
        }
    }
}
