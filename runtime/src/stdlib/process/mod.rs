//! The `process` module. One file for each group of functions: [`send`] and [`receive`] for
//! messages, [`spawn`] and [`spawner`] for children, [`lifecycle`] for ends and relations,
//! [`options`].

mod lifecycle;
mod options;
mod receive;
mod send;
mod spawn;
pub mod spawner;

pub use lifecycle::{cancel, link, monitor, terminate, unlink, unmonitor};
pub use options::{get_options, set_options};
pub use receive::{events, inbox, listen, subscribe, unlisten, unsubscribe};
pub use send::send;
pub(crate) use send::{deliver, topic};
pub use spawn::{exec, spawn, spawn_linked, spawn_linked_monitored, spawn_monitored, upgrade};
pub use spawner::{with_context, with_options};

use std::borrow::Cow;
use std::sync::Arc;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult, Thrown};
use crate::module::Field;
use crate::process::pid::Pid;
use crate::process::system::{Failure, System};
use crate::results::Multi;
use crate::sched::Identity;
use crate::stdlib::{args, registry};
use crate::string::{LuaStr, StaticStr};
use crate::table::Table;
use crate::value::Value;

/// A text constant.
macro_rules! text {
    ($text:literal) => {{
        static TEXT: StaticStr = StaticStr::new($text.as_bytes());
        Field::String(&TEXT)
    }};
}

crate::library! {
    pub static EVENT = "process.event" {
        "CANCEL" => value text!("pid.cancel"),
        "EXIT" => value text!("pid.exit"),
        "LINK_DOWN" => value text!("pid.link.down"),
        "OUTDATED" => value text!("pid.outdated"),
    }
}

crate::library! {
    pub static PROCESS = "process" {
        "id" => plain id,
        "pid" => plain pid,
        "send" => taking send,
        "spawn" => async spawn,
        "spawn_monitored" => async spawn_monitored,
        "spawn_linked" => async spawn_linked,
        "spawn_linked_monitored" => async spawn_linked_monitored,
        "exec" => async exec,
        "upgrade" => async upgrade,
        "cancel" => async cancel,
        "terminate" => async terminate,
        "monitor" => async monitor,
        "unmonitor" => async unmonitor,
        "link" => async link,
        "unlink" => async unlink,
        "get_options" => plain get_options,
        "set_options" => plain set_options,
        "inbox" => async inbox,
        "events" => async events,
        "listen" => async listen,
        "unlisten" => async unlisten,
        "with_context" => plain with_context,
        "with_options" => plain with_options,
        "event" => value Field::Module(&EVENT),
        "registry" => value Field::Module(&registry::REGISTRY),
    }
}

/// The error object of a failed operation.
fn failure_value(cx: Cx, failure: Failure) -> Value {
    let mut error = ErrorObject::new(failure.kind, failure.message);
    if !failure.details.is_empty() {
        let details = Table::new(cx);
        for (key, value) in failure.details {
            if let Some(table) = details.as_table() {
                table.set_text(key, value.into());
            }
        }
        error = error.with_details(details);
    }
    error.into_value(cx)
}

/// `nil, Err(...)` for a failed operation of the system.
pub(crate) fn failed(cx: Cx, failure: Failure) -> Multi {
    let error = failure_value(cx, failure);
    Multi::pair(cx, Value::NIL, error)
}

/// `false, Err(...)`
fn refused(cx: Cx, failure: Failure) -> Multi {
    let error = failure_value(cx, failure);
    Multi::pair(cx, Value::FALSE, error)
}

fn invalid(cx: Cx, message: impl Into<String>) -> Multi {
    failed(cx, Failure::new("Invalid", message))
}

/// `true, nil`
fn done(cx: Cx) -> Multi {
    Multi::pair(cx, Value::TRUE, Value::NIL)
}

/// `process.pid()`
///
/// # Errors
/// None.
pub fn pid(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(cx.process().pid_value())
}

/// `process.id()`: the entry of the running code.
///
/// # Errors
/// None.
pub fn id(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(cx.process().entry.into())
}

pub(crate) fn text(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<String> {
    args::string(cx, args, position, function).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// As [`text`], without a copy where that is possible.
fn borrowed<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Cow<'a, str>> {
    let known = args::get(args, position).and_then(Value::as_bytes).map(std::str::from_utf8);
    match known {
        Some(Ok(text)) => Ok(Cow::Borrowed(text)),
        _ => text(cx, args, position, function).map(Cow::Owned),
    }
}

/// The process that argument 1 means: by hidden identity, by PID text, by name. Reached by its
/// hidden identity, only that part of the PID is filled in.
fn destination(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Result<Pid, Failure>> {
    let system = system(cx)?;
    let hidden = args.first().and_then(Value::as_lua_str).and_then(LuaStr::identity);
    if let Some(identity) = hidden.map(Identity::from_bits).filter(|identity| system.is_alive(*identity)) {
        return Ok(Ok(Pid { identity, ..Pid::NONE }));
    }
    let text = text(cx, args, 1, function)?;
    Ok(system.resolve(&text))
}

pub(crate) fn system<'a>(cx: Cx) -> LuaResult<&'a Arc<System>> {
    cx.process().system.as_deref().ok_or_else(|| no_process(cx))
}

#[cold]
fn no_process(cx: Cx) -> Thrown {
    cx.throw_text("no process context")
}

/// Whether resolving failed because the text names nobody, rather than a process that is gone.
fn names_nobody(failure: &Failure) -> bool {
    failure.message.starts_with("could not resolve")
}
