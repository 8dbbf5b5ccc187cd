//! `collectgarbage` and `__gc`, for scripts.
//!
//! Memory is freed as soon as nothing refers to it, but for cycles; so `collectgarbage` has little to
//! do. A table whose metatable has a `__gc` is kept until a collection finds that nothing else holds
//! it; then its finalizer runs, at the next function call that looks at the stack.

use crate::cx::{Cx, Suspension};
use crate::error::LuaResult;
use crate::ops::{Event, call};
use crate::process::meter;
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::Table;
use crate::value::Value;

const OPTIONS: [&str; 8] =
    ["collect", "stop", "restart", "count", "step", "setpause", "setstepmul", "isrunning"];

/// `collectgarbage([option [, argument]])`
///
/// # Errors
/// An unknown option; what a finalizer raised.
pub fn collectgarbage(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let option = args::option(cx, args, 1, "collectgarbage", &OPTIONS, 0)?;
    let argument = args::optional_integer(cx, args, 2, "collectgarbage", 0)?;
    let heap = cx.heap();
    let result = match OPTIONS.get(option).copied().unwrap_or_default() {
        "collect" => {
            collect(cx)?;
            Value::int(0)
        }
        "step" => {
            collect(cx)?;
            Value::TRUE
        }
        "count" => Value::float(meter::used_now(cx) / 1024.0),
        "isrunning" => Value::bool(heap.is_automatic()),
        "stop" => {
            heap.set_automatic(false);
            Value::int(0)
        }
        "restart" => {
            heap.set_automatic(true);
            Value::int(0)
        }
        "setpause" => set_pace(cx, 0, argument),
        _ => set_pace(cx, 1, argument),
    };
    Ok(Multi::one(cx, result))
}

/// There is no pace to set, but scripts that set it are told what it was.
fn set_pace(cx: Cx, which: usize, argument: i64) -> Value {
    const AT_FIRST: i32 = 200;
    const LEAST_STEP: i32 = 40;
    let Some(pace) = cx.script().and_then(|script| script.pace.get(which)) else {
        return Value::int(i64::from(AT_FIRST));
    };
    // As C does, of which only the lower half arrives.
    let [a, b, c, d, ..] = argument.to_le_bytes();
    let argument = i32::from_le_bytes([a, b, c, d]);
    let wanted = if which == 0 { argument } else { argument.max(LEAST_STEP) };
    let before = pace.replace(wanted.wrapping_sub(AT_FIRST));
    Value::int(i64::from(before.wrapping_add(AT_FIRST)))
}

/// Collects. The first failure of a finalizer is the caller's.
fn collect(cx: Cx) -> LuaResult<()> {
    cx.forget_results();
    cx.heap().collect();
    let Some(error) = run_finalizers(cx) else { return Ok(()) };
    let message = [b"error in __gc metamethod (", error.as_bytes().unwrap_or(b"no message"), b")"].concat();
    Err(cx.throw(message.into()))
}

/// A table has got this metatable: if that has a finalizer, it will run. Only scripts have them.
pub(crate) fn watch(cx: Cx, table: &Table, value: Option<&Value>) {
    if !cx.is_script() || table.is_finalizable() || table.metamethod(Event::Gc).is_nil() {
        return;
    }
    table.set_finalizable(true);
    cx.heap().add_finalizable(value.cloned().unwrap_or_default());
}

/// Runs the finalizers that wait; the first error of one. It concerns nobody but who asked for the
/// collection: elsewhere they run at any time, as in later versions of Lua.
pub(crate) fn run_finalizers(cx: Cx) -> Option<Value> {
    let mut failed = None;
    let _callback = cx.forbid_suspension(Suspension::InCallback);
    cx.calm();
    while let Some(doomed) = cx.heap().take_doomed() {
        let Some(table) = doomed.as_table() else { continue };
        table.set_finalizable(false);
        let handler = table.metamethod(Event::Gc);
        if handler.function_def().is_some()
            && let Err(thrown) = call::callback(cx, &handler, std::slice::from_ref(&doomed))
        {
            let error = cx.catch(thrown);
            failed.get_or_insert(error);
        }
    }
    failed
}

/// Runs every finalizer there is: the program ends.
pub(crate) fn run_all_finalizers(cx: Cx) {
    cx.heap().doom_all();
    run_finalizers(cx);
}
