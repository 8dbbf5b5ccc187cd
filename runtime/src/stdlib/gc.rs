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
    args::optional_integer(cx, args, 2, "collectgarbage", 0)?;
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
        // There is no pace to set; what Lua starts with is what there is.
        _ => Value::int(200),
    };
    Ok(Multi::one(cx, result))
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
