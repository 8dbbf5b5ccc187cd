//! `process.registry`: names of processes.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::process::names::Refused;
use crate::process::pid;
use crate::process::system::Failure;
use crate::results::Multi;
use crate::stdlib::args;
use crate::stdlib::process::{failed, system};
use crate::value::Value;

crate::library! {
    pub static REGISTRY = "process.registry" {
        "register" => plain register,
        "lookup" => plain lookup,
        "unregister" => plain unregister,
        "LOCAL" => value Field::Int(0),
        "EVENTUAL" => value Field::Int(1),
        "CONSISTENT" => value Field::Int(2),
        "STRONG" => value Field::Int(3),
    }
}

fn name(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<String> {
    args::string(cx, args, 1, function).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The failure of a scope that this single node does not have.
fn missing_scope(scope: Option<&Value>) -> Option<Failure> {
    let number = scope.and_then(crate::ops::number::to_int)?;
    match number {
        1 => Some(Failure::new("Internal", "eventual registry not available")),
        2 | 3 => Some(Failure::new("Internal", "global registry not available")),
        _ => None,
    }
}

/// `process.registry.register(name [, pid [, scope]])`
///
/// # Errors
/// A name that is no text.
pub fn register(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = name(cx, args, "register")?;
    let invalid = |message: &str| failed(cx, Failure::new("Invalid", message));
    let owner = match args.get(1).filter(|pid| !pid.is_nil()) {
        None => cx.process().pid(),
        Some(given) => {
            let Some(bytes) = given.as_bytes() else { return Ok(invalid("pid must be a string")) };
            let text = String::from_utf8_lossy(bytes).into_owned();
            if let Err(message) = pid::parse(&text) {
                return Ok(invalid(message));
            }
            // Names belong to live processes: a PID that means nobody gets none.
            match system(cx)?.resolve(&text) {
                Ok(known) => known,
                Err(failure) => return Ok(failed(cx, failure)),
            }
        }
    };
    if let Some(scope) = args.get(2).filter(|scope| !scope.is_nil()) {
        if scope.type_name() != "number" {
            return Ok(invalid("scope must be a number (process.registry.LOCAL|EVENTUAL|CONSISTENT|STRONG)"));
        }
        if let Some(failure) = missing_scope(Some(scope)) {
            return Ok(failed(cx, failure));
        }
    }
    // At the top level of a chunk its own process is not reachable yet, but it is there.
    let is_own = owner.identity == cx.process().identity();
    let is_alive = || system(cx).is_ok_and(|system| system.mark_named(owner.identity)) || is_own;
    match system(cx)?.names().register(&name, owner.identity, owner, is_alive) {
        Ok(()) => Ok(Multi::one(cx, Value::TRUE)),
        Err(Refused::Taken) => Ok(failed(cx, Failure::new("AlreadyExists", "name already registered"))),
        Err(Refused::Gone) => Ok(failed(cx, Failure::new("NotFound", "process not found"))),
    }
}

/// `process.registry.lookup(name)`
///
/// # Errors
/// A name that is no text.
pub fn lookup(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = name(cx, args, "lookup")?;
    match system(cx)?.names().lookup(&name) {
        Some(holder) => Ok(Multi::one(cx, system(cx)?.pid_value(&holder))),
        None => Ok(failed(cx, Failure::new("NotFound", "name not registered"))),
    }
}

/// `process.registry.unregister(name [, scope])`
///
/// # Errors
/// A name that is no text.
pub fn unregister(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = name(cx, args, "unregister")?;
    if let Some(failure) = missing_scope(args.get(1)) {
        return Ok(failed(cx, failure));
    }
    Ok(Multi::one(cx, Value::bool(system(cx)?.names().unregister(&name))))
}
